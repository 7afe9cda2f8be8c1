#!/usr/bin/env bash
# A real Kubernetes control plane at a terminal; `cluster.sh --help` says what it can do.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/.mvn/find-jdk.sh" || exit 1
case ${1:-} in
    start | run) binaries=$("$here/build.sh") ;;
    *) binaries= ;;
esac
# From the sources, which need nothing but a JDK: a control plane does not wait for a build of the whole tree.
exec "$JAVA_HOME/bin/java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    "-Dspillway.controlplane.binaries=$binaries" \
    "$root/it/src/main/java/dev/spillway/it/ControlPlaneCommand.java" "$@"
