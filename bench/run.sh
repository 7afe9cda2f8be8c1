#!/usr/bin/env bash
# Builds and runs the benchmarks: what a decision costs, what a known pod weighs, what recording costs, what the embedded cluster costs, and what
# spilling over costs on a real control plane. Needs JDK 25 (found by .mvn/find-jdk.sh) and, but for --embedded, Go (see
# it/controlplane/build.sh). Benchmarks print and do not judge; the exit code is 0 unless one could not be carried out.
#
# Usage: bench/run.sh [--embedded] [--quick]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

quick=
embedded=
for option in "$@"; do
    case "$option" in
        --quick) quick=yes ;;
        --embedded) embedded=yes ;;
        *)
            echo "Usage: bench/run.sh [--embedded] [--quick]   (--embedded: the embedded cluster's alone; --quick: fewer pods and iterations; some two minutes on two cores, after the build)" >&2
            exit 2
            ;;
    esac
done

. .mvn/find-jdk.sh || exit 1

heading() {
    printf '\n== %s\n' "$1"
}

heading 'Build'
./mvnw -B -ntp -q -DskipTests -pl bench -am package
./spillway version >/dev/null # which archives the classes
# Jars, and those of ./spillway first: a JVM maps archived classes only where its class path begins as theirs.
classpath=$PWD/trials/target/trials-0.1.0.jar:$(cat trials/target/classpath):$PWD/bench/target/bench-0.1.0.jar:$(cat bench/target/classpath)
share=()
if [ -s trials/target/classes.jsa ]; then
    share=("-XX:SharedArchiveFile=$PWD/trials/target/classes.jsa")
fi
printf '%s, load average %s\n' "$(nproc 2>/dev/null || echo '?') cores" "$(uptime | sed 's/.*average[s]*: //')"

embedded_cluster() {
    heading 'What the embedded cluster costs'
    # The process that is measured has the options that ./spillway gives to its own.
    # shellcheck disable=SC2046 # they are split on blanks on purpose
    "$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" dev.spillway.bench.embedded.EmbeddedBenchmark ${quick:+--quick} \
        $(sed -n "s/^jvm_options='\(.*\)'$/\1/p" spillway) ${share[@]+"${share[@]}"} ${SPILLWAY_JAVA_OPTS-}
}

if [ -n "$embedded" ]; then
    embedded_cluster
    exit
fi
binaries=$(it/controlplane/build.sh)

heading 'What a known pod weighs'
"$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" dev.spillway.bench.KnownPodMemory

heading 'What a decision costs'
"$JAVA_HOME/bin/java" -cp "$classpath" org.openjdk.jmh.Main DecisionBenchmark ${quick:+-wi 2 -i 2}

heading 'What recording costs'
"$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" dev.spillway.bench.RecordingCost

heading 'How a decision grows with policies and nodes'
"$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" dev.spillway.bench.DecisionScaling

embedded_cluster

heading 'What spilling over costs'
"$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" "-Dspillway.controlplane.binaries=$binaries" \
    dev.spillway.bench.spill.SpillBenchmark ${quick:+--quick}
