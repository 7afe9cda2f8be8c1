#!/usr/bin/env bash
# Makes the container images of a real node without pulling anything: `images.sh BUSYBOX AGNHOST AGNHOST_SOURCE OUTPUT` writes one
# archive for `ctr images import`, with these images:
#
#   busybox   Debian's static busybox and a link for each of its commands; sh is its command
#   pause     the same layer; what holds a pod's namespaces together
#   page      the same layer with a page on port 80, in place of the web server that the examples run
#   agnhost   Kubernetes' own test program over that layer, with what its Dockerfile adds that needs no network
#
# The names are those that Kubernetes' own tests and the examples use, so that these run without a registry.
set -euo pipefail

busybox=$1
agnhost=$2
source=$3
output=$4

version=$(<"$source/VERSION")
busybox_names='"docker.io/library/busybox:1.37", "docker.io/library/busybox:latest", "registry.k8s.io/e2e-test-images/busybox:1.37.0-2"'
pause_names='"registry.k8s.io/pause:3.10.2"'
page_names='"mirrors-ssl.aliyuncs.com/nginx:stable-alpine"'
agnhost_names="\"registry.k8s.io/e2e-test-images/agnhost:$version\""
path='"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archive=$work/archive
mkdir "$archive"

# layer NAME: packs the folder $work/NAME; sets $digest.
layer() {
    tar -C "$work/$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$archive/$1.tar" .
    digest=$(sha256sum "$archive/$1.tar" | cut -d ' ' -f 1)
}

# config NAME CONFIG DIGEST...: the image's description.
config() {
    local name=$1 settings=$2 layers
    shift 2
    layers=$(printf '"sha256:%s", ' "$@")
    printf '{"architecture": "%s", "os": "linux", "config": {%s}, "rootfs": {"type": "layers", "diff_ids": [%s]}}' \
        "$(go env GOARCH)" "$settings" "${layers%, }" >"$archive/$name.json"
}

mkdir -p "$work"/base/{bin,dev,etc,home,proc,root,sys,tmp,usr/bin,var}
chmod 1777 "$work/base/tmp"
cp "$busybox" "$work/base/bin/busybox"
for command in $("$busybox" --list); do
    [ "$command" = busybox ] || ln -s busybox "$work/base/bin/$command"
done
ln -s ../../bin/env "$work/base/usr/bin/env"
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$work/base/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$work/base/etc/group"
layer base
base=$digest

mkdir -p "$work/page/www"
echo '<h1>It works.</h1>' >"$work/page/www/index.html"
layer page
page=$digest

# As the Dockerfile of agnhost has it, but for the programs that Alpine's packages bring (curl, dig, ...).
mkdir -p "$work"/agnhost/{etc,uploads}
cp "$agnhost" "$work/agnhost/agnhost"
ln -s agnhost "$work/agnhost/agnhost-2"
cp "$source"/porter/localhost.{crt,key} "$work/agnhost/"
chmod u+w "$work"/agnhost/localhost.*
{ cat "$work/base/etc/passwd"; echo 'user-defined-in-image:x:1000:1000::/home:/bin/sh'; } >"$work/agnhost/etc/passwd"
{ cat "$work/base/etc/group"; printf 'user-defined-in-image:x:1000:\ngroup-defined-in-image:x:50000:user-defined-in-image\n'; } \
    >"$work/agnhost/etc/group"
layer agnhost

config busybox "\"Cmd\": [\"sh\"], $path" "$base"
# As process 1 it gets no SIGTERM, which does no harm: the runtime kills it.
config pause "\"Entrypoint\": [\"/bin/sleep\", \"2147483647\"], $path" "$base"
# As process 1 httpd itself would not hear SIGTERM.
config page "\"Cmd\": [\"sh\", \"-c\", \"trap 'exit 0' TERM; httpd -f -p 80 -h /www & wait\"], $path" "$base" "$page"
config agnhost "\"Entrypoint\": [\"/agnhost\"], \"Cmd\": [\"pause\"], $path" "$base" "$digest"
cat >"$archive/manifest.json" <<END
[
  {"Config": "busybox.json", "RepoTags": [$busybox_names], "Layers": ["base.tar"]},
  {"Config": "pause.json", "RepoTags": [$pause_names], "Layers": ["base.tar"]},
  {"Config": "page.json", "RepoTags": [$page_names], "Layers": ["base.tar", "page.tar"]},
  {"Config": "agnhost.json", "RepoTags": [$agnhost_names], "Layers": ["base.tar", "agnhost.tar"]}
]
END
tar -C "$archive" -cf "$output.partial" manifest.json busybox.json pause.json page.json agnhost.json base.tar page.tar agnhost.tar
mv "$output.partial" "$output"
