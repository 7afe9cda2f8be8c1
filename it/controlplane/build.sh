#!/usr/bin/env bash
# Obtains the binaries of a real Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager, kube-scheduler,
# kubectl), and prints the folder that holds them as the only line on standard output. Progress goes to standard error.
#
# The folder lies outside the tree, under ${SPILLWAY_CACHE:-${XDG_CACHE_HOME:-~/.cache}/spillway}/controlplane, and its
# name is a hash of what the binaries are made from, so that a second run and a second checkout find them. Each binary
# appears whole or not at all; an interrupted build goes on where it stopped.
#
# KUBEBUILDER_ASSETS, where set, names a folder with ready-made binaries: etcd and kube-apiserver are taken from there,
# the others too where it has them. What it lacks is built.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
names=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl)

say() { printf 'control plane: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

package_of() {
    case $1 in
        etcd) echo go.etcd.io/etcd/server/v3 ;;
        *) echo "k8s.io/kubernetes/cmd/$1" ;;
    esac
}

# The version that go.mod requires of a module; $1 may stand after `require` or alone in a block.
version_of() { awk -v module="$1" '$1 == module && $2 ~ /^v/ { print $2; exit }' "$here/go.mod"; }

megabytes() { echo "$(($(wc -c <"$1") / 1000000)) MB"; }

hash_of_input() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-16; }

kubernetes=$(version_of k8s.io/kubernetes)
minor=${kubernetes#v1.}
minor=${minor%%.*}
# Without the stamps every binary calls itself v0.0.0, in `version` and in its user agent.
stamp=
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    stamp+=" -X $package.gitVersion=$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=$minor"
done
ldflags="-s -w$stamp"

check_go() {
    command -v go >/dev/null \
        || fail "Go is missing. Install Go $(awk '$1 == "go" { print $2 }' "$here/go.mod") or newer (https://go.dev/dl/)," \
            "or let KUBEBUILDER_ASSETS name a folder with ${names[*]}."
    # Only a command that reads go.mod sees that Go is too old, where it may not fetch a newer one by itself.
    go=$(cd "$here" && go list -m 2>&1 >/dev/null && go version) \
        || fail "The Go on this machine does not do (${go##*go: }). Install a newer one (https://go.dev/dl/)."
}

# build NAME: makes $folder/NAME.
build() {
    local name=$1 started=$SECONDS partial="$folder/.$1.partial" log="$folder/$1.build.log" version pid
    version=$kubernetes
    [ "$name" = etcd ] && version=$(version_of go.etcd.io/etcd/server/v3)
    say "building $name $version ..."
    (cd "$here" && CGO_ENABLED=0 exec go build -trimpath -buildvcs=false -ldflags "$ldflags" -o "$partial" "$(package_of "$name")") \
        >"$log" 2>&1 &
    pid=$!
    trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        ((SECONDS - started > 0 && (SECONDS - started) % 60 == 0)) && say "still building $name, $((SECONDS - started)) s"
    done
    wait "$pid" || { tail -n 15 "$log" >&2; fail "go build of $name failed; the whole output is in $log"; }
    trap - INT TERM
    mv "$partial" "$folder/$name"
    rm -f "$log"
    say "built $name $version in $((SECONDS - started)) s, $(megabytes "$folder/$name")"
}

# missing NAME...: sets lacks to those that are not in $folder yet; false when all are there.
missing() {
    local name
    lacks=()
    for name in "$@"; do [ -x "$folder/$name" ] || lacks+=("$name"); done
    [ ${#lacks[@]} -gt 0 ]
}

# build_missing NAME...: one run at a time builds; the others wait for it and find its work.
build_missing() {
    check_go
    cache=${SPILLWAY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/spillway}/controlplane
    folder=$cache/$({ cat "$here/go.mod" "$here/go.sum"; echo "$go $ldflags"; } | hash_of_input)
    mkdir -p "$folder" 2>/dev/null || fail "The folder $folder cannot be made. Let SPILLWAY_CACHE name one that can be written."
    missing "$@" || return 0
    # Where there is no flock (it is part of util-linux) two runs may both build; the rename keeps the result right.
    if command -v flock >/dev/null; then
        exec 9>"$folder/.lock"
        flock -n 9 || { say "another run is building; waiting for it"; flock 9; }
        missing "$@" || return 0
    fi
    say "building ${lacks[*]} into $folder with ${go#go version }; the first time takes about 7 minutes on two cores"
    local name started=$SECONDS
    for name in "${lacks[@]}"; do build "$name"; done
    say "ready after $((SECONDS - started)) s"
}

if [ -z "${KUBEBUILDER_ASSETS:-}" ]; then
    build_missing "${names[@]}"
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
build_missing "${lacking[@]}"
# kube-apiserver must not be older than the other two; say so rather than let a strange failure say it.
[[ $("$assets/kube-apiserver" --version) == *" v1.$minor."* ]] \
    || say "${lacking[*]} built here are $kubernetes: with an older kube-apiserver this is not a supported pair"
view=$folder/with-assets-$(echo "$assets" | hash_of_input)
mkdir -p "$view"
for name in "${names[@]}"; do
    if [ -x "$assets/$name" ]; then ln -sfn "$assets/$name" "$view/$name"; else ln -sfn "../$name" "$view/$name"; fi
done
echo "$view"
