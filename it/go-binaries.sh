# Builds Go commands into a folder outside the tree, ${SPILLWAY_CACHE:-${XDG_CACHE_HOME:-~/.cache}/spillway}/PART/HASH, whose name is a hash of
# what they are made from, so that a second run and a second checkout find them. Each command appears whole or not at all; an interrupted
# build goes on where it stopped. Sourced by bash scripts, which set
#
#   part          what is built, in words, for messages
#   duration      how long it takes the first time, in words
#   recipe NAME   a function that sets $module (the folder of the go.mod), $package, $version, $ldflags and $tags of a command, and $verb
#                 where `go build` is not what makes it

say() { printf '%s: %s\n' "$part" "$*" >&2; }
fail() { say "$*"; exit 1; }

# version_of GO_MOD MODULE: the version that a go.mod requires; the module may stand after `require` or alone in a block.
version_of() { awk -v module="$2" '$1 == module && $2 ~ /^v/ { print $2; exit }' "$1"; }

megabytes() { echo "$(($(wc -c <"$1") / 1000000)) MB"; }

hash_of_input() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-16; }

# kubernetes_ldflags VERSION: without the stamps every binary calls itself v0.0.0, in `version` and in its user agent.
kubernetes_ldflags() {
    local minor=${1#v1.} stamp= package
    for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
        stamp+=" -X $package.gitVersion=$1 -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*}"
    done
    echo "-s -w$stamp"
}

# check_go MODULE_FOLDER ELSE: sets $go to Go's version, or says what to do.
check_go() {
    command -v go >/dev/null \
        || fail "Go is missing. Install Go $(awk '$1 == "go" { print $2 }' "$1/go.mod") or newer (https://go.dev/dl/)$2."
    # Only a command that reads go.mod sees that Go is too old, where it may not fetch a newer one by itself.
    go=$(cd "$1" && go list -m 2>&1 >/dev/null && go version) \
        || fail "The Go on this machine does not do (${go##*go: }). Install a newer one (https://go.dev/dl/)."
}

# use_folder PART HASH: sets and makes $folder.
use_folder() {
    folder=${SPILLWAY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/spillway}/$1/$2
    mkdir -p "$folder" 2>/dev/null || fail "The folder $folder cannot be made. Let SPILLWAY_CACHE name one that can be written."
}

# build NAME: makes $folder/NAME.
build() {
    local name=$1 started=$SECONDS partial="$folder/.$1.partial" log="$folder/$1.build.log" pid
    recipe "$name"
    say "building $name $version ..."
    (cd "$module" && CGO_ENABLED=0 exec go ${verb:-build} -trimpath -buildvcs=false -tags "$tags" -ldflags "$ldflags" -o "$partial" "$package") \
        >"$log" 2>&1 &
    pid=$!
    trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        ((SECONDS - started > 0 && (SECONDS - started) % 60 == 0)) && say "still building $name, $((SECONDS - started)) s"
    done
    wait "$pid" || { tail -n 15 "$log" >&2; fail "go ${verb:-build} of $name failed; the whole output is in $log"; }
    trap - INT TERM
    mv "$partial" "$folder/$name"
    rm -f "$log"
    say "built $name $version in $((SECONDS - started)) s, $(megabytes "$folder/$name")"
}

# missing NAME...: sets lacks to those that are not in $folder yet; false when all are there.
missing() {
    local name
    lacks=()
    for name in "$@"; do [ -x "$folder/$name" ] || lacks+=("$name"); done
    [ ${#lacks[@]} -gt 0 ]
}

# build_missing NAME...: one run at a time builds; the others wait for it and find its work.
build_missing() {
    missing "$@" || return 0
    # Where there is no flock (it is part of util-linux) two runs may both build; the rename keeps the result right.
    if command -v flock >/dev/null; then
        exec 9>"$folder/.lock"
        flock -n 9 || { say "another run is building; waiting for it"; flock 9; }
        missing "$@" || return 0
    fi
    say "building ${lacks[*]} into $folder with ${go#go version }; the first time takes $duration"
    local name started=$SECONDS
    for name in "${lacks[@]}"; do build "$name"; done
    say "ready after $((SECONDS - started)) s"
}
