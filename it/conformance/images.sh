#!/usr/bin/env bash
# Makes the images that Kubernetes' tests name and a real node does not have, without pulling anything:
# `images.sh NODE_IMAGES SOURCES NNP OUTPUT` writes one archive for `ctr images import`. Each is what its Dockerfile in Kubernetes' SOURCES makes
# of the layers in NODE_IMAGES (it/realnode/images.sh), in all the versions that the tests name, with these differences:
#
#   agnhost      has this machine's curl and bash with their libraries, where it has them; none of the other programs that Alpine's packages
#                bring (dig, socat, iperf ...)
#   nginx        is busybox' httpd with a page of its own, for tests that want something that serves on port 80
set -euo pipefail

node_images=$1
images=$2/test/images
manifest=$2/test/utils/image/manifest.go
nnp=$3
output=$4

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archive=$work/archive
mkdir "$archive"
tar -C "$archive" -xf "$node_images"
path='"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]'

# layer NAME: packs the folder $work/NAME; sets $digest.
layer() {
    tar -C "$work/$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$archive/$1.tar" .
    digest_of "$1"
}
digest_of() { digest=$(sha256sum "$archive/$1.tar" | cut -d ' ' -f 1); }

# tags NAME: the names by which the tests call the image, as JSON.
tags() {
    awk -F '"' -v name="$1" '/PromoterE2eRegistry, "/ && $2 == name {
        printf "%s\"registry.k8s.io/e2e-test-images/%s:%s\"", comma, name, $4
        comma = ", "
    }' "$manifest"
}

entries=
# image NAME CONFIG LAYER...
image() {
    local name=$1 settings=$2 each digests= files=
    shift 2
    for each in "$@"; do
        digest_of "$each"
        digests+="\"sha256:$digest\", "
        files+="\"$each.tar\", "
    done
    printf '{"architecture": "%s", "os": "linux", "config": {%s}, "rootfs": {"type": "layers", "diff_ids": [%s]}}' \
        "$(go env GOARCH)" "$settings" "${digests%, }" >"$archive/$name.json"
    entries+="${entries:+, }{\"Config\": \"$name.json\", \"RepoTags\": [$(tags "$name")], \"Layers\": [${files%, }]}"
}

# with_libraries PROGRAM: puts a program of this machine and its libraries into the folder $work/programs.
with_libraries() {
    local file
    for file in "$1" $(ldd "$1" | awk '/=> \// { print $3 } /^\t\/.* \(/ { print $1 }'); do
        mkdir -p "$work/programs$(dirname "$file")"
        cp -L "$file" "$work/programs$file"
    done
}

mkdir "$work"/{programs,kitten,nautilus,nginx,nonewprivs}
mkdir -p "$work/programs/usr/bin"
for program in curl bash; do
    ! found=$(command -v "$program") || with_libraries "$(readlink -f "$found")"
done
[ ! -e "$work/programs/usr/bin/bash" ] || { mkdir -p "$work/programs/bin"; ln -s ../usr/bin/bash "$work/programs/bin/bash"; }
layer programs
for name in kitten nautilus; do
    cp "$images/$name/html/"* "$work/$name/"
    chmod u+w "$work/$name"/*
    layer "$name"
done
mkdir -p "$work/nginx/usr/share/nginx/html"
echo '<h1>A page of busybox httpd</h1>' >"$work/nginx/usr/share/nginx/html/index.html"
layer nginx
mkdir -p "$work/nonewprivs/usr/local/bin"
cp "$nnp" "$work/nonewprivs/usr/local/bin/nnp"
chmod 6755 "$work/nonewprivs/usr/local/bin/nnp"
layer nonewprivs

agnhost="\"Entrypoint\": [\"/agnhost\"], \"Cmd\": [\"pause\"], $path"
page="\"Entrypoint\": [\"httpd\", \"-f\", \"-p\", \"80\", \"-h\", \"/usr/share/nginx/html\"], $path"
webserver="\"Entrypoint\": [\"/agnhost\"], \"Cmd\": [\"test-webserver\"], $path"
image agnhost "$agnhost" base agnhost programs
image nginx "$page" base nginx
image kitten "$webserver" base agnhost kitten
image nautilus "$webserver" base agnhost nautilus
image nonroot "\"Cmd\": [\"sh\"], \"User\": \"1234\", $path" base
image nonewprivs "\"Cmd\": [\"nnp\"], $path" base nonewprivs

cd "$archive"
echo "[$entries]" >manifest.json
tar -cf "$output.partial" manifest.json {agnhost,nginx,kitten,nautilus,nonroot,nonewprivs}.json \
    {base,agnhost,programs,nginx,kitten,nautilus,nonewprivs}.tar
mv "$output.partial" "$output"
