#!/usr/bin/env bash
# Obtains promtool, Prometheus' own checker of metrics and rules, and prints the folder that holds it as the only line on standard output. Progress goes
# to standard error. Where it is kept, and that two runs may meet: it/go-binaries.sh. With --is-built it builds nothing, and its exit code says
# whether it is there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
part='promtool'
duration='some minutes'
module=$here
package=github.com/prometheus/prometheus/cmd/promtool
version=$(version_of "$here/go.mod" github.com/prometheus/prometheus)
ldflags="-s -w -X github.com/prometheus/common/version.Version=$version"
tags=remove_all_sd # else it brings the clients of some twenty clouds, to find what to scrape
recipe() { :; } # one command, whose recipe stands above

check_go "$here" ''
use_folder promtool "$({ cat "$here/go.mod" "$here/go.sum"; echo "$go $ldflags $tags"; } | hash_of_input)"
if [ "${1:-}" = --is-built ]; then
    ! missing promtool
    exit
fi
build_missing promtool
echo "$folder"
