#!/usr/bin/env bash
# Runs a command in the image as a strict cluster would, by runc alone: not root, no capabilities, no new privileges, a root that cannot be
# written to, no network. Needs Linux, root and runc, no engine and no network. Exits with the command's code.
#
# Usage: release/run-image.sh ARCHIVE ARGUMENT...      (release/run-image.sh dist/spillway-0.1.0-image-linux-amd64.tar version)
set -euo pipefail
archive=$(readlink -f "${1:?$0 ARCHIVE ARGUMENT...}")
shift
PATH=$PATH:/usr/sbin:/sbin

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/archive" "$work/rootfs"
tar -C "$work/archive" -xf "$archive"
# As `docker save` has it: a manifest that names the configuration and the layers, the lowest first.
value() {
    grep -o "\"$2\":\\[[^]]*\\]" "$1" | head -n 1 | sed 's/^[^[]*\[//; s/\]$//'
}
value "$work/archive/manifest.json" Layers | tr -d '" ' | tr ',' '\n' | while read -r layer; do
    tar -C "$work/rootfs" --warning=no-unknown-keyword -xzf "$work/archive/$layer"
done
config=$work/archive/$(grep -o '"Config":"[^"]*"' "$work/archive/manifest.json" | cut -d '"' -f 4)
user=$(grep -o '"User":"[^"]*"' "$config" | cut -d '"' -f 4)
arguments=$(value "$config" Entrypoint)
for argument in "$@"; do
    # Quotes and backslashes would need more; commands have none.
    arguments+=",\"$argument\""
done

cat >"$work/config.json" <<END
{
  "ociVersion": "1.0.2",
  "process": {
    "terminal": false,
    "user": {"uid": ${user%:*}, "gid": ${user#*:}},
    "args": [$arguments],
    "env": [],
    "cwd": "/",
    "capabilities": {},
    "noNewPrivileges": true
  },
  "root": {"path": "rootfs", "readonly": true},
  "hostname": "spillway",
  "mounts": [
    {"destination": "/proc", "type": "proc", "source": "proc"},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]}
  ],
  "linux": {"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}]}
}
END
runc run --bundle "$work" "spillway-$$"
