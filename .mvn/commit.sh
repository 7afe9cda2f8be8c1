# Says which commit is built, for `spillway version`. Sourced by mvnw, which hands it to Maven in MAVEN_ARGS; POSIX sh.
# Without git, outside a checkout, or with a plain mvn it stays what the root pom.xml says: unknown.
# The time is the commit's, not the build's, so that building a commit twice gives the same bytes.

spillway_root=$(cd "$(dirname "$0")" && pwd -P)
# Only where the checkout is this folder: a copy inside somebody else's repository is none of its commits.
if [ "$(git -C "$spillway_root" rev-parse --show-toplevel 2>/dev/null)" = "$spillway_root" ]; then
    spillway_commit=$(git -C "$spillway_root" rev-parse --verify -q HEAD) || spillway_commit=
fi
if [ -n "${spillway_commit-}" ]; then
    git -C "$spillway_root" diff --quiet HEAD -- 2>/dev/null || spillway_commit=$spillway_commit-changed
    spillway_time=$(TZ=UTC git -C "$spillway_root" log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)
    MAVEN_ARGS="-Dspillway.commit=$spillway_commit -Dspillway.commit.time=$spillway_time${MAVEN_ARGS:+ $MAVEN_ARGS}"
    export MAVEN_ARGS
fi
unset spillway_root spillway_commit spillway_time
