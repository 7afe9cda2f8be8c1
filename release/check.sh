#!/usr/bin/env bash
# Builds the commit that is checked out twice more or less: the release in dist/ is compared with one made from a fresh clone in another
# folder, with another umask, time zone and language. Prints what is equal and what is not; exits 0 only if all of it is.
#
# Usage: release/build.sh && release/check.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$here")

git -C "$root" diff-index --quiet HEAD -- || { echo "release: commit first; a clone has only what is committed" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q --no-hardlinks "$root" "$work/a clone of it"
(
    umask 027
    export TZ=Asia/Shanghai LC_ALL=C.UTF-8
    "$work/a clone of it/release/build.sh" --output "$work/again" "$@"
) || exit 1

different=0
equal=0
while read -r sum file; do
    if [ "$(sha256sum <"$work/again/$file" 2>/dev/null | cut -d ' ' -f 1)" = "$sum" ]; then
        equal=$((equal + 1))
        echo "equal      $sum  $file"
    else
        different=$((different + 1))
        echo "DIFFERENT  $sum  $file"
    fi
done <"$root/dist/SHA256SUMS"
echo "$equal passed, $different failed"
[ "$different" = 0 ]
