#!/usr/bin/env bash
# Builds and runs the benchmarks: what a decision costs, what a known pod weighs, what recording costs, what the embedded cluster costs, what
# spilling over costs on a real control plane, and what a region that is another cluster costs. Needs JDK 25 (found by .mvn/find-jdk.sh) and, but for
# --embedded, Go (see it/controlplane/build.sh, it/kwok/build.sh, bench/virtualkubelet/build.sh). Benchmarks print and do not judge; the exit code is 0
# unless one could not be carried out.
#
# Usage: bench/run.sh [--embedded | --regions | --region NAME] [--quick] [--help] [-- OPTION...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'END'
Usage: bench/run.sh [--embedded | --regions | --region NAME] [--quick] [-- OPTION...]

Runs all benchmarks, or
  --embedded     what the embedded cluster costs
  --regions      the four with a region that is another cluster
  --region NAME  one of the four: end-to-end (from a pod's creation to Ready, beside kwok and virtual-kubelet),
                 restart (a controller killed while 5,000 pods run), idle-nodes (1,000 virtual nodes that do nothing),
                 noisy-neighbour (a healthy region beside a sick one); its own options after --, -- --help lists them
  --quick        fewer pods and iterations; some two minutes on two cores, after the build, without --regions
END
}

quick=
embedded=
regions=
own=()
while [ $# -gt 0 ]; do
    case "$1" in
        --quick) quick=yes ;;
        --embedded) embedded=yes ;;
        --regions) regions='end-to-end restart idle-nodes noisy-neighbour' ;;
        --region)
            regions=${2:-none}
            [ $# -lt 2 ] || shift
            ;;
        --help)
            usage
            exit
            ;;
        --)
            shift
            own=("$@")
            break
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
    shift
done
for region in $regions; do
    case "$region" in
        end-to-end | restart | idle-nodes | noisy-neighbour) ;;
        *)
            usage >&2
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

# of_region NAME: one of those with a region that is another cluster.
of_region() {
    local class
    case "$1" in
        end-to-end) class=EndToEndBenchmark && heading 'From a pod to Ready, through a region that is another cluster and without' ;;
        restart) class=RestartBenchmark && heading 'What a restart costs' ;;
        idle-nodes) class=IdleNodesBenchmark && heading 'What idle virtual nodes cost' ;;
        noisy-neighbour) class=NoisyNeighbourBenchmark && heading 'What a sick region costs a healthy one' ;;
    esac
    "$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" "-Dspillway.controlplane.binaries=$binaries" \
        "-Dspillway.bench.jvm-options=$(sed -n "s/^jvm_options='\(.*\)'$/\1/p" spillway) ${share[*]-} ${SPILLWAY_JAVA_OPTS-}" \
        "dev.spillway.bench.region.$class" ${quick:+--quick} ${own[@]+"${own[@]}"}
}

if [ -n "$regions" ]; then
    for region in $regions; do
        of_region "$region"
    done
    exit
fi

heading 'What a known pod weighs'
"$JAVA_HOME/bin/java" -Xmx1g -cp "$classpath" dev.spillway.bench.KnownPodMemory
# As ./spillway starts it: what an object's header takes depends on that.
# shellcheck disable=SC2046 # they are split on blanks on purpose
"$JAVA_HOME/bin/java" -Xmx1g $(sed -n "s/^jvm_options='\(.*\)'$/\1/p" spillway) -cp "$classpath" \
    dev.spillway.bench.KnownRegionPodMemory

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

for region in end-to-end restart idle-nodes noisy-neighbour; do
    of_region "$region"
done
