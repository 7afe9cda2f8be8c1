#!/usr/bin/env bash
# Writes classes.list anew: the classes that a release prepares for a quick start. Takes them from what a release in dist/ loads while it
# installs, leads, waits, answers and ends, on the demo's embedded cluster. Needed now and then, when much code has moved or another JDK
# is used: a class that is listed and gone costs nothing, one that is not listed is loaded as ever.
#
# Usage: release/build.sh && release/train.sh && release/build.sh
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$here")

work=$(mktemp -d)
children=()
finish() {
    trap - EXIT INT TERM
    for child in ${children[@]+"${children[@]}"}; do
        kill "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'finish; exit 130' INT TERM

say() {
    printf '%s\n' "$*" >&2
}

"$root/spillway" version >&2 # builds what the demo needs
. "$root/.mvn/find-jdk.sh"
tar -C "$work" -xzf "$root"/dist/spillway-*-"$(uname -s | tr '[:upper:]' '[:lower:]')"-*.tar.gz
home=$(echo "$work"/spillway-*)
options=()
while read -r option; do
    case $option in '#'* | -Xlog* | -Xshare*) ;; *) options+=("$option") ;; esac
done <"$home/lib/jvm.options"

runs=0
# java CLASS_PATH ARGUMENT...: sets command to what runs that in the distribution's runtime and keeps which classes it loaded.
listed() {
    local path=$1
    shift
    runs=$((runs + 1))
    command=("$home/runtime/bin/java" "${options[@]}" -Xshare:off "-XX:DumpLoadedClassList=$work/$runs.list" -cp "$path" "$@")
}

# Until a file has a line that matches, for a minute.
await() {
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        ! grep -q "$2" "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    say "train: '$2' did not appear in:"
    cat "$1" >&2
    return 1
}

own=$home/lib/spillway.jar
trials=$root/trials/target/trials-0.1.0.jar:$(cat "$root/trials/target/classpath")

say "the demo, with a controller of its own"
listed "$own:$trials" dev.spillway.trials.Trials demo --speed 100
"${command[@]}" >"$work/demo" 2>&1 </dev/null &
children+=("$!")
await "$work/demo" 'export KUBECONFIG='
kubeconfig=$(sed -n 's/^.*export KUBECONFIG=//p' "$work/demo")

for arguments in version --help 'help controller' "install --kubeconfig $kubeconfig" "doctor --kubeconfig $kubeconfig" "explain pod/none --kubeconfig $kubeconfig"; do
    say "spillway $arguments"
    # shellcheck disable=SC2086 # split on blanks on purpose
    listed "$own" dev.spillway.app.Main $arguments
    "${command[@]}" >"$work/out" 2>&1 </dev/null || true # what doctor finds is no matter
done

say "spillway controller, beside the demo's"
listed "$own" dev.spillway.app.Main controller --kubeconfig "$kubeconfig" --port 0
"${command[@]}" >"$work/controller" 2>&1 </dev/null &
children+=("$!")
await "$work/controller" 'controller runs'
health=$(sed -n 's,^.*\(http://127.0.0.1:[0-9]*\)/readyz.*$,\1,p' "$work/controller" | head -n 1)
sleep 5
for path in readyz healthz metrics; do
    curl -s -o /dev/null "$health/$path" || true
done
# A JVM writes its list when it ends, the controller's before the cluster is gone.
for ((i = ${#children[@]} - 1; i >= 0; i--)); do
    kill "${children[i]}" 2>/dev/null || true
    wait "${children[i]}" 2>/dev/null || true
done
children=()

# Names and lambdas, without the numbers that fit one build only. Nothing of the demo and of the cluster that it brings.
cat "$work"/*.list | grep -v 'source:' | grep -v '^\(#\|@cp\|@class\)' | sed 's/ id: [0-9]*$//' \
    | grep -v 'dev/spillway/\(trials\|embedded\|simulation\)/\|dev/cel/\|^\(@lambda-proxy \)\?\(cel\|com/google\|org/antlr\)/\|LambdaForm\$\|/0x' \
    | sort -u >"$work/classes"
{
    echo '# The classes that a release prepares for a quick start. Written by release/train.sh.'
    cat "$work/classes"
} >"$here/classes.list"
say "$(grep -vc '^[#@]' "$here/classes.list") classes, $(grep -c '^@' "$here/classes.list") lambdas"
