#!/usr/bin/env bash
# A real Kubernetes control plane with real nodes at a terminal; `node.sh --help` says what it can do.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/.mvn/find-jdk.sh" || exit 1
controlplane=
node=
case ${1:-} in
    --help | -h | help) ;;
    *)
        [ "$(uname) $(id -u)" = 'Linux 0' ] || { echo 'real node: containers need Linux and root' >&2; exit 1; }
        controlplane=$("$root/it/controlplane/build.sh")
        node=$("$here/build.sh")
        ;;
esac
# From the sources, as it/controlplane/cluster.sh does.
exec "$JAVA_HOME/bin/java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    "-Dspillway.controlplane.binaries=$controlplane" "-Dspillway.realnode.binaries=$node" \
    "$root/it/src/main/java/dev/spillway/it/RealNodeCommand.java" "$@"
