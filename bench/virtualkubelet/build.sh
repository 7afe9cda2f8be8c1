#!/usr/bin/env bash
# Obtains virtual-kubelet's own command with its mock provider, which EndToEndBenchmark runs beside Spillway; prints the folder that holds it as the only
# line on standard output. Progress goes to standard error. Where it is kept, and that two runs may meet: it/go-binaries.sh. With --is-built it builds
# nothing, and its exit code says whether it is there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../it/go-binaries.sh"
part='virtual-kubelet'
duration='one to four minutes on two cores'
module=$here
package=github.com/virtual-kubelet/virtual-kubelet/cmd/virtual-kubelet
version=$(version_of "$here/go.mod" github.com/virtual-kubelet/virtual-kubelet)
ldflags="-s -w -X main.buildVersion=$version"
tags=
recipe() { :; } # one command, whose recipe stands above

check_go "$here" ''
use_folder virtualkubelet "$({ cat "$here/go.mod" "$here/go.sum"; echo "$go $ldflags"; } | hash_of_input)"
if [ "${1:-}" = --is-built ]; then
    ! missing virtual-kubelet
    exit
fi
build_missing virtual-kubelet
echo "$folder"
