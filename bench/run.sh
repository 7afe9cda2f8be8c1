#!/usr/bin/env bash
# Builds and runs the benchmarks: what a decision costs, what a known pod weighs, and what spilling over costs on a real
# control plane. Needs JDK 25 (found by .mvn/find-jdk.sh) and Go (see it/controlplane/build.sh). Benchmarks print and do
# not judge; the exit code is 0 unless one could not be carried out.
#
# Usage: bench/run.sh [--quick]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

quick=
case "${1:-}" in
    '') ;;
    --quick) quick=yes ;;
    *)
        echo "Usage: bench/run.sh [--quick]   (--quick: fewer pods and iterations; minutes become one or two)" >&2
        exit 2
        ;;
esac

. .mvn/find-jdk.sh || exit 1

heading() {
    printf '\n== %s\n' "$1"
}

heading 'Build'
./mvnw -B -ntp -q -DskipTests -pl bench -am package
binaries=$(it/controlplane/build.sh)
classpath=bench/target/classes:$(cat bench/target/classpath)
printf '%s, load average %s\n' "$(nproc 2>/dev/null || echo '?') cores" "$(uptime | sed 's/.*average[s]*: //')"

heading 'What a known pod weighs'
"$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" dev.spillway.bench.KnownPodMemory

heading 'What a decision costs'
"$JAVA_HOME/bin/java" -cp "$classpath" org.openjdk.jmh.Main DecisionBenchmark ${quick:+-wi 2 -i 2}

heading 'What spilling over costs'
"$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" "-Dspillway.controlplane.binaries=$binaries" \
    dev.spillway.bench.spill.SpillBenchmark ${quick:+--quick}
