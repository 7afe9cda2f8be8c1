# The image's part of build.sh, which sources this file: functions only.

# make_image DIR: the distribution in DIR on nothing but the C library that its Java runs on, in four layers that change ever more often.
make_image() {
    local layers=$work/image top layer
    mkdir -p "$layers"/{libc,runtime,libraries,spillway}
    make_libc_layer "$layers/libc"

    top=opt/spillway
    mkdir -p "$layers/runtime/$top" "$layers/libraries/$top/lib" "$layers/spillway/$top/lib"
    cp -a "$1/runtime" "$layers/runtime/$top/"
    cp -a "$1"/lib/*.jar "$layers/libraries/$top/lib/"
    mv "$layers/libraries/$top/lib"/spillway*.jar "$layers/spillway/$top/lib/"
    cp -a "$1/lib/spillway.aot" "$layers/spillway/$top/lib/"
    cp -a "$1/LICENSE" "$1/THIRD-PARTY.txt" "$layers/spillway/$top/"
    # No shell sorts out where things are, and they are always here.
    {
        cat "$1/lib/jvm.options"
        # The container's memory is the controller's own.
        echo "-XX:MaxRAMPercentage=70"
        echo "-XX:SharedArchiveFile=/$top/lib/spillway.aot"
        echo "-jar /$top/lib/spillway.jar"
    } >"$layers/spillway/$top/lib/image.options"
    chmod 644 "$layers/spillway/$top/lib/image.options"
    for layer in "$layers"/*; do
        set_times "$layer"
    done

    local jar=$root/release/target/release-$version.jar
    "$JAVA_HOME/bin/java" -XX:+UseSerialGC --sun-misc-unsafe-memory-access=allow -cp "$jar:$(cat "$root/release/target/classpath")" dev.spillway.release.PackImage \
        "$output/spillway-$version-image-$here_platform.tar" "$work/caches" "spillway:$version" "${here_platform#linux-}" \
        "$time" "$version" "$commit" "$layers"/{libc,runtime,libraries,spillway} >"$work/digest"
    # The same files in one, for those who build it by release/Containerfile.
    mkdir "$work/root"
    for layer in libc runtime libraries spillway; do
        cp -a "$layers/$layer/." "$work/root/"
    done
    set_times "$work/root"
    tar -C "$work/root" --format=gnu --sort=name --mtime="@$seconds" --owner=0 --group=0 --numeric-owner -cf - . \
        | gzip -n -9 >"$output/spillway-$version-root-$here_platform.tar.gz"
}

# make_libc_layer DIR: the loader and the libraries of libc6 that the runtime names, as this machine's package has them, its licence, and
# who one is there. Names are looked up by files and DNS, which libc does without further libraries.
make_libc_layer() {
    local file real package version
    mkdir -p "$1"/{etc,tmp,usr/share/doc/libc6}
    # What ldd finds outside the runtime; linux-vdso has no path.
    find "$distribution/runtime" -type f \( -name '*.so' -o -path '*/bin/java' \) -exec ldd {} + 2>/dev/null \
        | sed -n 's,^.*[[:space:]]\(/[^ ]*\) (0x.*$,\1,p' | grep -v "^$distribution/" | sort -u >"$work/needed"
    while read -r file; do
        real=$(readlink -f "$file")
        # /lib is a link to usr/lib on newer systems, and dpkg knows either name.
        package=$(dpkg-query -S "$real" "${real#/usr}" 2>/dev/null | head -n 1 | cut -d : -f 1) || true
        [ "$package" = libc6 ] || fail "the runtime needs $file, which is not of libc6 but of '${package:-no package}'"
        mkdir -p "$1$(dirname "$file")"
        cp -L "$file" "$1$file"
        chmod 755 "$1$file"
    done <"$work/needed"
    version=$(dpkg-query -W -f '${Version}' libc6)
    cp /usr/share/doc/libc6/copyright "$1/usr/share/doc/libc6/copyright"
    printf 'The libraries of libc6 here are those of the package libc6 %s of %s, unchanged. Its source is the package %s there.\n' \
        "$version" "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" "$(dpkg-query -W -f '${source:Package} ${source:Version}' libc6)" \
        >"$1/usr/share/doc/libc6/README.spillway"
    printf 'libc6=%s\n' "$version" >"$work/libc"
    printf 'root:x:0:0:root:/:/nologin\nspillway:x:65532:65532:spillway:/tmp:/nologin\n' >"$1/etc/passwd"
    printf 'root:x:0:\nspillway:x:65532:\n' >"$1/etc/group"
    printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
    chmod 644 "$1"/etc/* "$1"/usr/share/doc/libc6/*
    find "$1" -type d -exec chmod 755 {} +
    chmod 777 "$1/tmp"
}
