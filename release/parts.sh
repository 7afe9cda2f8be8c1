# The parts of build.sh, which sources this file: functions only. They use its variables here, root, work, output and, once
# read_identity has run, version, commit, time and seconds.

# What the classes of the distribution use, by jdeps and by running them; java.desktop, java.sql and others that libraries name are for what is not used.
# jdk.crypto.cryptoki, jdk.localedata and jdk.charsets stay out: no smart cards, English, UTF-8. jdk.jcmd is for `kubectl exec`: threads and heap of a live process.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.jcmd,jdk.management,jdk.net,jdk.unsupported

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "release: $*"
    exit 1
}

# As the names of archives have it.
platform_of_machine() {
    local system machine
    system=$(uname -s | tr '[:upper:]' '[:lower:]')
    machine=$(uname -m)
    case $machine in
        x86_64) machine=amd64 ;;
        aarch64) machine=arm64 ;;
    esac
    echo "$system-$machine"
}

# Sets version, commit, time and seconds from what was built: it is what `spillway version` says.
read_identity() {
    local file=$root/app/target/classes/spillway.properties
    version=$(sed -n 's/^version=//p' "$file")
    commit=$(sed -n 's/^commit=//p' "$file")
    time=$(sed -n 's/^commit.time=//p' "$file")
    # Without git: the time that the build gives to the entries of jars.
    [ "$time" != unknown ] || time=$(sed -n 's/.*<project.build.outputTimestamp>\(.*\)<.*/\1/p' "$root/pom.xml")
    seconds=$(date -d "$time" +%s 2>/dev/null || date -j -f %Y-%m-%dT%H:%M:%SZ "$time" +%s)
}

# make_libraries DIR: the jars, and one that only names them, so that the command line is short and holds in any folder.
make_libraries() {
    local jar name names=() path
    mkdir -p "$1"
    IFS=: read -r -a path <"$root/app/target/classpath" || true # which has no newline
    for jar in "$root/app/target/app-$version.jar" "${path[@]}"; do
        name=${jar##*/}
        case $jar in "$root"/*) name=spillway-$name ;; esac
        [ ! -e "$1/$name" ] || fail "two libraries are called $name"
        cp "$jar" "$1/$name"
        names+=("$name")
    done
    # A line that begins with a blank goes on with the one before.
    {
        printf 'Main-Class: dev.spillway.app.Main\nClass-Path: %s\n' "${names[0]}"
        printf '  %s\n' "${names[@]:1}"
    } >"$work/manifest"
    "$JAVA_HOME/bin/jar" --create --file "$1/spillway.jar" --date "$time" --no-compress --manifest "$work/manifest"
}

# make_runtime DIR JMODS: links the modules, for the platform of the given jmods; for this one where there are none.
make_runtime() {
    mkdir -p "$(dirname "$1")"
    # zip-0: the archive and the layers of the image compress better than the file would, and it is read quicker.
    "$JAVA_HOME/bin/jlink" ${2:+--module-path "$2"} --add-modules "$modules" --output "$1" --compress zip-0 \
        --strip-java-debug-attributes --no-header-files --no-man-pages >&2
    # Tools that come with the modules and that nobody needs.
    rm -f "$1"/bin/{keytool,rmiregistry,jps,jstat,jinfo,jmap,jstack}
}

# take_runtime DIR RUNTIME: a runtime that somebody else linked.
take_runtime() {
    local module has
    has=" $(sed -n 's/^MODULES="\(.*\)"$/\1/p' "$2/release") "
    grep -q '^JAVA_VERSION="25[".]' "$2/release" || fail "$2 is no Java 25"
    for module in ${modules//,/ }; do
        [[ $has == *" $module "* ]] || fail "$2 lacks the module $module"
    done
    mkdir -p "$(dirname "$1")"
    cp -RL "$2" "$1"
    rm -rf "$1/include" "$1/man" "$1"/bin/{keytool,rmiregistry,jps,jstat,jinfo,jmap,jstack,jrunscript,jwebserver,jfr}
}

# lay_out DIR: the rest beside the runtime, with permissions and times that do not depend on who builds when.
lay_out() {
    mkdir -p "$1/bin" "$1/lib"
    cp "$work/lib"/*.jar "$here/launcher/jvm.options" "$1/lib/"
    cp "$here/launcher/spillway" "$1/bin/spillway"
    cp "$here/launcher/spillway" "$1/bin/kubectl-spillway"
    cp "$root/LICENSE" "$1/LICENSE"
    cp "$root/app/target/THIRD-PARTY.txt" "$1/THIRD-PARTY.txt"
    # Links among the licences of the JDK's modules; krew unpacks none.
    if [ -n "$(find "$1" -type l)" ]; then
        cp -RL "$1" "$1.plain"
        rm -rf "$1"
        mv "$1.plain" "$1"
    fi
    find "$1" -type d -exec chmod 755 {} +
    find "$1" -type f -exec chmod 644 {} +
    chmod 755 "$1"/bin/* "$1"/runtime/bin/*
    [ ! -e "$1/runtime/lib/jspawnhelper" ] || chmod 755 "$1/runtime/lib/jspawnhelper"
    set_times "$1"
}

# The JVM uses prepared classes only while their jars have the times that they had, so these are set before and kept by tar.
set_times() {
    find "$1" -exec touch -h -d "@$seconds" {} +
}

# prepare_classes DIR: has the runtime write the listed classes as it keeps them in memory, for a quick start. A list, not a run that
# is watched: two runs never load quite the same, and would not give the same bytes. train.sh makes the list. The names of the jars
# are kept too, so they are relative: where a release is made must not be in it.
prepare_classes() {
    local options=()
    mapfile -t options < <(grep -v '^#' "$1/lib/jvm.options" | grep -v '^-X\(share\|log\)')
    (cd "$1" && runtime/bin/java "${options[@]}" -Xshare:dump "-XX:SharedClassListFile=$here/classes.list" \
        -XX:SharedArchiveFile=lib/spillway.aot -jar lib/spillway.jar) >"$work/prepare.log" 2>&1 \
        || { cat "$work/prepare.log" >&2; fail "the classes could not be prepared"; }
    chmod 644 "$1/lib/spillway.aot"
    set_times "$1"
}

# make_archive DIR: as bytes that depend on nothing but what is in it.
make_archive() {
    tar -C "$(dirname "$1")" --format=gnu --sort=name --mtime="@$seconds" --owner=0 --group=0 --numeric-owner -cf - "$(basename "$1")" \
        | gzip -n -9 >"$output/$(basename "$1").tar.gz"
}

# describe: what is in it, what made it, and what krew wants to know.
describe() {
    # Maven knows the jars; what they run on goes in front of them.
    platform_parts >"$work/platform"
    sed "/^  \"components\" : \[\$/r $work/platform" "$root/app/target/bom.json" >"$output/spillway-$version.cdx.json"
    grep -q '"name" : "java-runtime"' "$output/spillway-$version.cdx.json" || fail "the list of parts has another form than expected"
    krew_manifest >"$output/spillway-$version.krew.yaml"
    {
        echo "version=$version"
        echo "commit=$commit"
        echo "time=$time"
        sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/java=\1/p; s/^IMPLEMENTOR_VERSION="\(.*\)"/jdk=\1/p' "$JAVA_HOME/release"
        [ ! -f "$work/libc" ] || cat "$work/libc"
        [ ! -f "$work/digest" ] || echo "image=$(cat "$work/digest")"
        echo "tar=$(tar --version | head -n 1)"
        echo "gzip=$(gzip --version | head -n 1)"
    } >"$output/spillway-$version.buildinfo"
}

# The Java runtime and, where there is an image, its C library, as the list of parts has them.
platform_parts() {
    local java vendor
    java=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")
    vendor=$(sed -n 's/^IMPLEMENTOR="\(.*\)"/\1/p' "$JAVA_HOME/release")
    cat <<END
    {
      "type" : "platform",
      "bom-ref" : "pkg:generic/java-runtime@${java//+/%2B}",
      "publisher" : "${vendor:-unknown}",
      "name" : "java-runtime",
      "version" : "$java",
      "description" : "modules $modules",
      "licenses" : [ { "expression" : "GPL-2.0-only WITH Classpath-exception-2.0" } ],
      "purl" : "pkg:generic/java-runtime@${java//+/%2B}"
    },
END
    [ -f "$work/libc" ] || return 0
    local libc
    libc=$(sed -n 's/^libc6=//p' "$work/libc")
    libc=${libc//+/%2B}
    cat <<END
    {
      "type" : "library",
      "bom-ref" : "pkg:deb/$(. /etc/os-release && echo "$ID")/libc6@$libc",
      "name" : "libc6",
      "version" : "${libc//%2B/+}",
      "description" : "in the container image only",
      "licenses" : [ { "expression" : "LGPL-2.1-or-later" } ],
      "purl" : "pkg:deb/$(. /etc/os-release && echo "$ID")/libc6@$libc?arch=${here_platform#*-}"
    },
END
}

# One entry for each archive. The address is where they will be published, told by --url.
krew_manifest() {
    local file platform
    cat <<END
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: spillway
spec:
  version: v$version
  shortDescription: GPU capacity in many regions for this cluster
  description: |
    Installs, runs, explains and checks Spillway: a scheduler and virtual nodes that place pods on GPU capacity of many
    regions, in the order of a ResourcePolicy. Brings its own Java.
  platforms:
END
    for file in "$output"/spillway-"$version"-{linux,darwin}-{amd64,arm64}.tar.gz; do
        [ -f "$file" ] || continue
        platform=${file##*/spillway-"$version"-}
        platform=${platform%.tar.gz}
        cat <<END
    - selector:
        matchLabels:
          os: ${platform%-*}
          arch: ${platform#*-}
      uri: $url/${file##*/}
      sha256: $(sha256sum <"$file" | cut -d ' ' -f 1)
      files:
        - from: spillway-$version-$platform/*
          to: .
      bin: bin/kubectl-spillway
END
    done
}

# The time of the quickest of five runs, in milliseconds.
quickest() {
    local i begin end best=
    for ((i = 0; i < 5; i++)); do
        begin=$(date +%s%N)
        "$@" >/dev/null
        end=$(date +%s%N)
        [ -n "$best" ] && [ $(((end - begin) / 1000000)) -ge "$best" ] || best=$(((end - begin) / 1000000))
    done
    echo "$best"
}

# measure DIR: sizes, and how long the smallest command takes with the prepared classes and without.
measure() {
    local file
    (
        cd "$output"
        for file in *; do
            printf '%11d bytes  %s\n' "$(wc -c <"$file")" "$file"
        done
    )
    printf '%11d bytes  unpacked, %d of them the runtime, %d prepared classes\n' \
        "$(bytes_in "$1")" "$(bytes_in "$1/runtime")" "$(bytes_in "$1/lib/spillway.aot")"
    printf 'spillway version: %s ms with prepared classes, %s ms without; quickest of five, load average %s\n' \
        "$(quickest "$1/bin/spillway" version)" "$(SPILLWAY_JAVA_OPTS=-Xshare:off quickest "$1/bin/spillway" version)" \
        "$(uptime | sed 's/.*average[s]*: //')"
}

bytes_in() {
    find "$1" -type f -exec cat {} + | wc -c
}
