#!/usr/bin/env bash
# Kubernetes' own tests, directly on a region's cluster and through a home cluster; `run.sh --help` says what it can do.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/.mvn/find-jdk.sh" || exit 1
controlplane=
node=
binaries=
case ${1:-} in
    --help | -h) ;;
    *)
        [ "$(uname) $(id -u)" = 'Linux 0' ] || { echo 'conformance: containers need Linux and root' >&2; exit 1; }
        controlplane=$("$root/it/controlplane/build.sh")
        node=$("$root/it/realnode/build.sh")
        binaries=$("$here/build.sh")
        "$root/spillway" --version >/dev/null # builds it where that is needed
        ;;
esac
# From the sources, as it/controlplane/cluster.sh does.
exec "$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    "-Dspillway.controlplane.binaries=$controlplane" "-Dspillway.realnode.binaries=$node" \
    "$root/it/src/main/java/dev/spillway/it/conformance/ConformanceCommand.java" "$root" "$binaries" "$@"
