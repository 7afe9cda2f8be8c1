#!/usr/bin/env bash
# Everything that runs on a real Kubernetes control plane: builds Spillway and the control plane, starts one, runs every
# scenario and every file about the API on it twice in a row, the latter with expectations inverted, too, replays what its controller
# recorded meanwhile, runs the demo, stops it, tries every scenario under the planted faults that it must catch, which needs no control plane,
# runs the integration tests, which start control planes of their own, and twenty of Kubernetes' own specs, both ways. Needs JDK 25 (found by .mvn/find-jdk.sh) and Go (see
# it/controlplane/build.sh).
#
# Every step ends with its own line `N passed, N failed`. One that does not, or that says it ran nothing, or that fails
# without a failed test, counts as one failure. The last line sums them up; the exit code is 0 only if nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
exec </dev/null

passed=0
failed=0
table=()
child=
follower=
log=$(mktemp) || exit 1
recordings=$(mktemp -d) || exit 1

finish() {
    trap - EXIT INT TERM
    # The child ends what it started, a control plane included; it is waited for.
    [ -z "$child" ] || { kill "$child" 2>/dev/null; wait "$child" 2>/dev/null; }
    [ -z "$follower" ] || kill "$follower" 2>/dev/null
    rm -rf "$log" ${recordings:+"$recordings"}
}
trap finish EXIT
trap 'finish; exit 130' INT TERM

# run NAME COMMAND...: runs the command, shows what it prints and keeps it in $log; sets $status and $seconds.
run() {
    local name=$1 started=$SECONDS
    shift
    echo "== $name: $*"
    # Through a file, not a pipe: a process that the step leaves behind would hold the pipe, and us, for ever.
    : >"$log"
    "$@" >"$log" 2>&1 &
    child=$!
    tail -n +1 -f "$log" &
    follower=$!
    wait "$child"
    status=$?
    child=
    seconds=$((SECONDS - started))
    sleep 1 # the follower shows the last lines
    kill "$follower"
    wait "$follower" 2>/dev/null
    follower=
}

# judge NAME PASSED FAILED: adds a step's figures to the sum.
judge() {
    local line
    line=$(printf '%-36s %4d passed, %d failed  %4d s' "$1" "$2" "$3" "$seconds")
    echo "== $line"
    table+=("$line")
    passed=$((passed + $2))
    failed=$((failed + $3))
}

# need NAME COMMAND...: a step without tests of its own, without which the others make no sense.
need() {
    run "$@"
    [ "$status" = 0 ] && return
    echo "== $1: exit code $status; nothing else was run"
    judge "$1" 0 1
    end
}

# step NAME COMMAND...: a step that is judged by its own line.
step() {
    local line ok=0 bad=1
    run "$@"
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        ok=${BASH_REMATCH[1]}
        bad=${BASH_REMATCH[2]}
        if [ "$ok" = 0 ] && [ "$bad" = 0 ]; then
            echo "== $1: it ran nothing"
            bad=1
        elif [ "$status" != 0 ] && [ "$bad" = 0 ]; then
            echo "== $1: exit code $status, although it counts no failure"
            bad=1
        fi
    else
        echo "== $1: exit code $status, and no line 'N passed, N failed'"
    fi
    judge "$1" "$ok" "$bad"
}

end() {
    if [ "$failed" != 0 ] && [ -n "$(ls "$recordings")" ]; then
        echo "== what the controller decided is kept in $recordings"
        recordings=
    fi
    echo
    printf '%s\n' "${table[@]}"
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
    exit
}

# The tests named *IT, and nothing else again: the plain tests belong to `verify`.
integration_tests() {
    local reports=it/target/failsafe-reports maven result
    rm -rf "$reports"
    # In the background, since a shell that waits for a foreground command does not hear that it should stop.
    ./mvnw -B -ntp -q -Dreal -pl it -am test-compile failsafe:integration-test failsafe:verify &
    maven=$!
    trap 'kill "$maven"; wait "$maven"; exit 143' TERM
    wait "$maven"
    result=$?
    [ -d "$reports" ] && cat "$reports"/TEST-*.xml | grep '<testsuite ' | awk '
        function value(name) {
            return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
        }
        { bad += value("errors") + value("failures"); ok += value("tests") - value("errors") - value("failures") - value("skipped") }
        END { printf "%d passed, %d failed\n", ok, bad }'
    return "$result"
}

# What the controller decided on the real control plane is decided again, without a difference.
replay() {
    ./spillway replay "$recordings"/*.jsonl.gz
}

if [ "${1:-}" = --on-cluster ]; then
    # KUBECONFIG names the fresh control plane that this runs on.
    step 'scenarios, recorded' ./spillway scenario scenarios --kubeconfig "$KUBECONFIG" --record "$recordings"
    step 'replay of the recording' replay
    step 'scenarios, again on the same cluster' ./spillway scenario scenarios --kubeconfig "$KUBECONFIG"
    step 'API' ./spillway scenario scenarios/api --kubeconfig "$KUBECONFIG"
    step 'API, again on the same cluster' ./spillway scenario scenarios/api --kubeconfig "$KUBECONFIG"
    step 'API, every mutant must fail' ./spillway scenario --mutate scenarios/api --kubeconfig "$KUBECONFIG"
    step 'demo' ./spillway demo --once --yes --kubeconfig "$KUBECONFIG"
    end
fi

need 'build of Spillway' ./mvnw -B -ntp -q -DskipTests -pl trials -am package
need 'binaries of the control plane' it/controlplane/build.sh
run 'binary of promtool' it/promtool/build.sh
run 'helm and kustomize' it/packaging/build.sh
run 'clients in Go' it/clients/build.sh
run 'client for Python' it/clients/python.sh
# Before the tests that need them, which have a time limit. Where containers cannot run, those are skipped.
if unshare --mount true 2>/dev/null; then
    run 'binaries of a real node' it/realnode/build.sh
    run 'binary of metrics-server' it/metricsserver/build.sh
    run 'binary of kwok' it/kwok/build.sh
    run "binaries of Kubernetes' own tests" it/conformance/build.sh
fi
step 'on a real control plane' it/controlplane/cluster.sh run -- it/real.sh --on-cluster
step 'scenarios, each must catch its faults' ./spillway scenario --catches scenarios
step 'integration tests' integration_tests
if unshare --mount true 2>/dev/null; then
    step "Kubernetes' own tests, both ways" it/conformance/run.sh --quick
else
    echo "== Kubernetes' own tests are skipped: this machine runs no containers"
fi
end
