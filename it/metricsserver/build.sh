#!/usr/bin/env bash
# Obtains metrics-server, which kubectl top and the HorizontalPodAutoscaler ask, and prints the folder that holds it as the only line on
# standard output. Progress goes to standard error. Where it is kept, and that two runs may meet: it/go-binaries.sh. Its release uses an older
# Kubernetes than the control plane is, so that it shares no build with it. With --is-built it builds nothing, and its exit code says whether it is there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
part='metrics-server'
duration='two to five minutes on two cores'
module=$here
package=sigs.k8s.io/metrics-server/cmd/metrics-server
version=$(version_of "$here/go.mod" sigs.k8s.io/metrics-server)
ldflags="-s -w -X k8s.io/client-go/pkg/version.gitVersion=$version"
tags=
recipe() { :; } # one command, whose recipe stands above

check_go "$here" ''
use_folder metricsserver "$({ cat "$here/go.mod" "$here/go.sum"; echo "$go $ldflags"; } | hash_of_input)"
if [ "${1:-}" = --is-built ]; then
    ! missing metrics-server
    exit
fi
build_missing metrics-server
echo "$folder"
