#!/usr/bin/env bash
# Makes a release: archives that need no Java on the machine, a container image, what is in them, and their sums. `--help` says how.
# A commit built twice with the same JDK and, for the image, the same libc6 gives the same bytes: times are the commit's, names are
# sorted, owners are 0, and the classes that are prepared for a quick start are those listed in classes.list. check.sh tries it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$here")
. "$here/parts.sh"

usage() {
    cat <<'END'
Usage: release/build.sh [--output DIR] [--url URL] [--no-image] [--keep] [--platform NAME (--jmods DIR | --runtime DIR)]...

Writes to dist/ (or DIR), which must be empty or hold an earlier release, which is deleted first: an archive for this machine's platform, on Linux the image, SBOM, plugin manifest and SHA256SUMS.

  --output DIR     where to, instead of dist/
  --url URL        where the archives will be found, for the plugin manifest
  --no-image       no container image; elsewhere than on Debian or Ubuntu, whose libc6 goes into it, there is none anyway
  --keep           begin with what is built in target/, which is quicker and not for publishing
  --platform NAME  an archive for another platform too: linux-amd64, linux-arm64, darwin-amd64 or darwin-arm64, with
    --jmods DIR      the folder jmods of a JDK of this very version for that platform, or
    --runtime DIR    a Java 25 runtime for it that has the modules that are needed, packed as it is
                   Such an archive has no cache of prepared classes, which only that platform's own JVM can make.
END
}

output=$root/dist
url=https://spillway.invalid/releases
image=yes
clean=clean
others=() # NAME KIND DIR, NAME KIND DIR ...
name=
while [ $# -gt 0 ]; do
    case "$1" in
        --output) output=${2:?$(usage)} ;;
        --url) url=${2:?$(usage)} ;;
        --platform) name=${2:?$(usage)} ;;
        --jmods | --runtime)
            [ -n "$name" ] && [ -d "${2-}" ] || { usage >&2; exit 2; }
            others+=("$name" "${1#--}" "$(cd "$2" && pwd -P)")
            name=
            ;;
        --no-image) image= ;;
        --keep) clean= ;;
        --help) usage; exit ;;
        *) usage >&2; exit 2 ;;
    esac
    case "$1" in --no-image | --keep) shift ;; *) shift 2 ;; esac
done
[ -z "$name" ] || { usage >&2; exit 2; }

. "$root/.mvn/find-jdk.sh" || exit 1
umask 022
export TZ=UTC LC_ALL=C
unset MAVEN_ARGS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS
here_platform=$(platform_of_machine)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
output=$(mkdir -p "$output" && cd "$output" && pwd -P)
if [ -n "$(ls -A "$output")" ] && [ ! -f "$output/SHA256SUMS" ]; then
    echo "$output is not empty and holds no release. Empty it, or name another folder with --output." >&2
    exit 1
fi
find "$output" -mindepth 1 -delete

say "step 1 of 6: Maven builds the jars, lists what they bring and checks its licences"
# From scratch, unless told otherwise: what an earlier build left in target/ must not get in.
# shellcheck disable=SC2086 # no word where it is empty
(cd "$root" && ./mvnw -B -ntp -q -DskipTests -pl app,release -am $clean verify) </dev/null >&2
read_identity # version, commit, time, seconds

say "step 2 of 6: libraries"
make_libraries "$work/lib"

say "step 3 of 6: runtime and archive for $here_platform"
distribution=$work/spillway-$version-$here_platform
make_runtime "$distribution/runtime" ''
lay_out "$distribution"
prepare_classes "$distribution"
make_archive "$distribution"

say "step 4 of 6: archives for other platforms: $((${#others[@]} / 3))"
for ((i = 0; i < ${#others[@]}; i += 3)); do
    other=$work/spillway-$version-${others[i]}
    case ${others[i + 1]} in
        jmods) make_runtime "$other/runtime" "${others[i + 2]}" ;;
        runtime) take_runtime "$other/runtime" "${others[i + 2]}" ;;
    esac
    lay_out "$other"
    make_archive "$other"
done

say "step 5 of 6: image"
if [ -n "$image" ] && command -v dpkg-query >/dev/null && [[ $here_platform == linux-* ]]; then
    . "$here/image.sh"
    make_image "$distribution"
else
    say "no image: it takes libc6 of Debian or Ubuntu on Linux, or --no-image was said"
fi

say "step 6 of 6: list of parts, plugin manifest, sums"
describe
(cd "$output" && sha256sum -- * >"$work/sums" && mv "$work/sums" SHA256SUMS)
measure "$distribution"
