#!/usr/bin/env bash
# Obtains the binaries of a real Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager, kube-scheduler,
# kubectl), and prints the folder that holds them as the only line on standard output. Progress goes to standard error.
# Where they are kept, and that two runs may meet: it/go-binaries.sh.
#
# KUBEBUILDER_ASSETS, where set, names a folder with ready-made binaries: etcd and kube-apiserver are taken from there,
# the others too where it has them. What it lacks is built.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
names=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl)
part='control plane'
duration='about 7 minutes on two cores'

kubernetes=$(version_of "$here/go.mod" k8s.io/kubernetes)
minor=${kubernetes#v1.}
minor=${minor%%.*}
ldflags=$(kubernetes_ldflags "$kubernetes")
module=$here
tags=

recipe() {
    case $1 in
        etcd) package=go.etcd.io/etcd/server/v3 version=$(version_of "$here/go.mod" go.etcd.io/etcd/server/v3) ;;
        *) package=k8s.io/kubernetes/cmd/$1 version=$kubernetes ;;
    esac
}

obtain() {
    check_go "$here" ", or let KUBEBUILDER_ASSETS name a folder with ${names[*]}"
    use_folder controlplane "$({ cat "$here/go.mod" "$here/go.sum"; echo "$go $ldflags"; } | hash_of_input)"
    build_missing "$@"
}

if [ -z "${KUBEBUILDER_ASSETS:-}" ]; then
    obtain "${names[@]}"
    echo "$folder"
    exit
fi

assets=$(cd "$KUBEBUILDER_ASSETS" 2>/dev/null && pwd) || fail "KUBEBUILDER_ASSETS names $KUBEBUILDER_ASSETS, which is no folder."
lacking=()
for name in "${names[@]}"; do
    [ -x "$assets/$name" ] && continue
    case $name in
        etcd | kube-apiserver) fail "KUBEBUILDER_ASSETS names $assets, which has no $name. Unset it to have everything built." ;;
        *) lacking+=("$name") ;;
    esac
done
say "taking $("$assets/kube-apiserver" --version) from $assets (KUBEBUILDER_ASSETS)"
if [ ${#lacking[@]} -eq 0 ]; then
    echo "$assets"
    exit
fi
obtain "${lacking[@]}"
# kube-apiserver must not be older than the other two; say so rather than let a strange failure say it.
[[ $("$assets/kube-apiserver" --version) == *" v1.$minor."* ]] \
    || say "${lacking[*]} built here are $kubernetes: with an older kube-apiserver this is not a supported pair"
view=$folder/with-assets-$(echo "$assets" | hash_of_input)
mkdir -p "$view"
for name in "${names[@]}"; do
    if [ -x "$assets/$name" ]; then ln -sfn "$assets/$name" "$view/$name"; else ln -sfn "../$name" "$view/$name"; fi
done
echo "$view"
