#!/usr/bin/env bash
# Obtains what makes this machine a Kubernetes node (kubelet, containerd with its shim and ctr, CNI plugins), and images for it to run, and
# prints the folder that holds all of it as the only line on standard output. Progress goes to standard error. Where it is kept, and that two
# runs may meet: it/go-binaries.sh. Kubernetes is built as the control plane is, and finds most packages compiled after that.
#
# runc and busybox come from the machine. Where they are missing, root on Debian gets them installed; anybody else is told so.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../go-binaries.sh"
# ctr is not needed to run pods; it imports images, and shows what containerd has.
names=(kubelet containerd containerd-shim-runc-v2 ctr bridge host-local loopback portmap agnhost)
part='real node'
duration='two minutes on two cores after the control plane, ten before it'

kubernetes=$(version_of "$here/go.mod" k8s.io/kubernetes)
containerd=$(version_of "$here/containerd/go.mod" github.com/containerd/containerd/v2)
cni=$(version_of "$here/cni/go.mod" github.com/containernetworking/plugins)
kubernetes_stamp=$(kubernetes_ldflags "$kubernetes")

recipe() {
    local plugins=github.com/containernetworking/plugins
    tags=
    case $1 in
        kubelet) module=$here package=k8s.io/kubernetes/cmd/kubelet version=$kubernetes ldflags=$kubernetes_stamp ;;
        agnhost) module=$here package=k8s.io/kubernetes/test/images/agnhost version=$kubernetes ldflags='-s -w' ;;
        bridge | host-local | loopback | portmap)
            module=$here/cni version=$cni ldflags="-s -w -X $plugins/pkg/utils/buildversion.BuildVersion=$cni"
            case $1 in
                host-local) package=$plugins/plugins/ipam/$1 ;;
                portmap) package=$plugins/plugins/meta/$1 ;;
                *) package=$plugins/plugins/main/$1 ;;
            esac
            ;;
        *)
            module=$here/containerd package=github.com/containerd/containerd/v2/cmd/$1 version=$containerd
            ldflags="-s -w -X github.com/containerd/containerd/v2/version.Version=$containerd"
            tags='no_btrfs no_devmapper no_zfs'
            ;;
    esac
}

# The programs that come from the machine; runc built without libseccomp's headers refuses every pod.
need_packages() {
    local lacks=()
    PATH=$PATH:/usr/sbin:/sbin
    command -v runc >/dev/null || lacks+=(runc)
    # A dynamic busybox does not run in an image of its own.
    { command -v busybox && ! ldd "$(command -v busybox)"; } >/dev/null 2>&1 || lacks+=(busybox-static)
    [ ${#lacks[@]} -gt 0 ] || return 0
    { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } \
        || fail "This machine lacks ${lacks[*]}: install them, on Debian by: apt-get install ${lacks[*]}"
    say "installing ${lacks[*]} (Debian)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -q --no-install-recommends "${lacks[@]}" >&2 \
        || { apt-get update -q >&2 && apt-get install -y -q --no-install-recommends "${lacks[@]}" >&2; } \
        || fail "apt-get install ${lacks[*]} failed; it said above why"
}

need_packages
check_go "$here" ''
use_folder realnode "$({
    cat "$here"/{,containerd/,cni/}go.{mod,sum} "$here/images.sh" "$(command -v busybox)"
    echo "$go $kubernetes_stamp"
} | hash_of_input)"
build_missing "${names[@]}"
if [ ! -f "$folder/images.tar" ]; then
    started=$SECONDS
    "$here/images.sh" "$(command -v busybox)" "$folder/agnhost" \
        "$(cd "$here" && go list -m -f '{{.Dir}}' k8s.io/kubernetes)/test/images/agnhost" "$folder/images.tar"
    say "made images.tar in $((SECONDS - started)) s, $(megabytes "$folder/images.tar")"
fi
echo "$folder"
