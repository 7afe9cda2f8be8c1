#!/usr/bin/env bash
# Obtains helm and kustomize, which people install Spillway with, and prints the folder that holds both as the only line on standard output.
# Progress goes to standard error. Where they are kept, and that two runs may meet: it/go-binaries.sh. With --is-built it builds nothing, and its
# exit code says whether they are there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
part='helm and kustomize'
duration='some minutes'
helm=$(version_of "$here/go.mod" helm.sh/helm/v4)
kustomize=$(version_of "$here/go.mod" sigs.k8s.io/kustomize/kustomize/v5)

recipe() {
    module=$here
    tags=
    case $1 in
        helm)
            package=helm.sh/helm/v4/cmd/helm
            version=$helm
            ldflags="-s -w -X helm.sh/helm/v4/internal/version.version=$helm"
            ;;
        kustomize)
            package=sigs.k8s.io/kustomize/kustomize/v5
            version=$kustomize
            ldflags="-s -w -X sigs.k8s.io/kustomize/api/provenance.version=$kustomize"
            ;;
    esac
}

check_go "$here" ''
use_folder packaging "$({ cat "$here/go.mod" "$here/go.sum"; echo "$go $(declare -f recipe)"; } | hash_of_input)"
if [ "${1:-}" = --is-built ]; then
    ! missing helm kustomize
    exit
fi
build_missing helm kustomize
echo "$folder"
