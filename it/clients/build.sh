#!/usr/bin/env bash
# Builds clients, the clients of others that speak Go (see main.go), and prints the folder that holds it as the only line on standard output. Progress goes
# to standard error. Where it is kept, and that two runs may meet: it/go-binaries.sh. With --is-built it builds nothing, and its exit code says
# whether it is there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
part='clients of others'
duration='one to four minutes on two cores'
module=$here
package=.
version=$(version_of "$here/go.mod" github.com/fluxcd/pkg/ssa)
ldflags='-s -w'
tags=
recipe() { :; } # one command, whose recipe stands above

check_go "$here" ''
use_folder clients "$({ cat "$here/go.mod" "$here/go.sum" "$here"/*.go; echo "$go $ldflags"; } | hash_of_input)"
if [ "${1:-}" = --is-built ]; then
    ! missing clients
    exit
fi
build_missing clients
echo "$folder"
