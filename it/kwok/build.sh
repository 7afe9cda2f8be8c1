#!/usr/bin/env bash
# Obtains kwok, which plays the kubelet of nodes that do not exist, and stages.yaml, which says how; prints the folder that holds both as the only
# line on standard output. Progress goes to standard error. Where it is kept, and that two runs may meet: it/go-binaries.sh. With --is-built it builds nothing, and
# its exit code says whether it is there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
part='kwok'
duration='one to four minutes on two cores'
module=$here
package=sigs.k8s.io/kwok/cmd/kwok
version=$(version_of "$here/go.mod" sigs.k8s.io/kwok)
ldflags="-s -w -X sigs.k8s.io/kwok/pkg/consts.Version=$version"
tags=
recipe() { :; } # one command, whose recipe stands above

check_go "$here" ''
use_folder kwok "$({ cat "$here/go.mod" "$here/go.sum"; echo "$go $ldflags"; } | hash_of_input)"
if [ "${1:-}" = --is-built ]; then
    ! missing kwok
    exit
fi
build_missing kwok
# What it does with nodes and pods comes with it, as files.
if [ ! -f "$folder/stages.yaml" ]; then
    stages=$(cd "$here" && go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
    for stage in node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease pod/fast/pod-{ready,complete,delete}; do
        echo ---
        cat "$stages/$stage.yaml"
    done >"$folder/.stages.partial"
    mv "$folder/.stages.partial" "$folder/stages.yaml"
fi
echo "$folder"
