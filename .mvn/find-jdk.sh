# Finds a JDK 25 and exports JAVA_HOME. Sourced by mvnw, spillway and .ci/run; POSIX sh.
# Looks at JAVA_HOME, then at the java on the PATH, then at the usual places. A home counts only if its
# `release` file says 25 and it has a compiler, so the patterns below may be broad.
# Returns 1, after one line that says what to install, when there is none. Needs file name globbing (no `set -f`).

spillway_is_jdk25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[".+-]' "$1/release"
}

spillway_find_jdk25() {
    if [ -n "${JAVA_HOME-}" ] && spillway_is_jdk25 "$JAVA_HOME"; then
        printf '%s\n' "$JAVA_HOME"
        return 0
    fi
    # The java on the PATH may be a link or a version manager's shim, so it is asked where it lives.
    spillway_home=$(java -XshowSettings:properties -version 2>&1 </dev/null | sed -n 's/^ *java\.home = //p')
    for spillway_home in "$spillway_home" \
        /usr/lib/jvm/*25* /usr/lib64/jvm/*25* /usr/java/*25* \
        /usr/local/*jdk*25* /usr/local/*/*jdk*25* /opt/*jdk*25* /opt/*/*jdk*25* /opt/java/* \
        "${HOME-}"/.sdkman/candidates/java/*25* "${HOME-}"/.jdks/*25* "${HOME-}"/.asdf/installs/java/*25* \
        "${HOME-}"/.local/share/mise/installs/java/*25* "${HOME-}"/.gradle/jdks/*25* "${HOME-}"/*jdk*25* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec; do
        if spillway_is_jdk25 "$spillway_home"; then
            printf '%s\n' "$spillway_home"
            return 0
        fi
    done
    return 1
}

if spillway_home=$(spillway_find_jdk25); then
    JAVA_HOME=$spillway_home
    export JAVA_HOME
    unset spillway_home
else
    echo "Spillway needs a JDK 25 and found none: install one (for example Eclipse Temurin 25) or set JAVA_HOME to it." >&2
    return 1
fi
