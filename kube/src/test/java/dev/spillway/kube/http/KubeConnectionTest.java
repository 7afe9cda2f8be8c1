package dev.spillway.kube.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KubeConnectionTest {
    private static final String GOOD = """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443/prefix", insecure-skip-tls-verify: true}}]
            users: [{name: u, user: {token: secret}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """;

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("config"), text);
    }

    @Test
    void readsServerAndCredentials() throws IOException {
        var connection = KubeConnection.open(file(GOOD), "spillway-runner");

        assertThat(connection.server()).hasToString("https://127.0.0.1:6443/prefix/");
        assertThat(connection.access().basePath()).isEqualTo("/prefix");
        assertThat(connection.access().verifiesHost()).isFalse();
        assertThat(connection.access().headers()).containsEntry("Authorization", "Bearer secret");
        assertThat(connection.config().getUserAgent()).isEqualTo("spillway-runner");
    }

    @Test
    void readsATokenFileBesideTheKubeconfig() throws IOException {
        Files.writeString(folder.resolve("token.txt"), "from-file\n");

        var connection = KubeConnection.open(file(GOOD.replace("token: secret", "tokenFile: token.txt")), "t");

        assertThat(connection.access().headers()).containsEntry("Authorization", "Bearer from-file");
    }

    @Test
    void aKubeconfigThatSomebodyElseWroteMayNameNeitherFilesNorProgramsOfThisMachine() throws IOException {
        var secret = Files.writeString(folder.resolve("of-the-host"), "host-secret");
        var ran = folder.resolve("ran");
        for (var hostile : new String[] {
            GOOD.replace("token: secret", "tokenFile: \"%s\"".formatted(secret)),
            GOOD.replace("token: secret", "client-certificate: \"%s\", client-key: \"%s\"".formatted(secret, secret)),
            GOOD.replace("insecure-skip-tls-verify: true", "certificate-authority: \"%s\"".formatted(secret)),
            GOOD.replace(
                    "token: secret",
                    "exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [\"%s\"]}"
                            .formatted(ran))
        }) {
            assertThat(hostile).isNotEqualTo(GOOD);
            assertThatExceptionOfType(UnusableConnectionException.class)
                    .isThrownBy(() -> KubeConnection.ofText("in Secret spillway-system/b", () -> hostile, "t"))
                    .withMessageContaining("in Secret spillway-system/b")
                    .withMessageContaining("names a file or a program")
                    .withMessageNotContaining("host-secret");
        }
        assertThat(ran).doesNotExist();
    }

    @Test
    void aKubeconfigThatIsKeptElsewhereIsReadFromItsText() {
        var connection = KubeConnection.ofText("in Secret spillway-system/b", () -> GOOD, "t");

        assertThat(connection.server()).hasToString("https://127.0.0.1:6443/prefix/");
        assertThat(connection.access().headers()).containsEntry("Authorization", "Bearer secret");
    }

    record Case(String name, String text, String problem) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> unusable() {
        return Stream.of(
                new Case("empty", "", "it has no contexts"),
                new Case("something else", "kind: Pod\nmetadata: {name: x}\n", "it has no contexts"),
                new Case("no YAML", "a: [b\n", "it is not valid YAML of a kubeconfig"),
                new Case("a list", "- a\n- b\n", "it is not valid YAML of a kubeconfig"),
                new Case("no current-context", GOOD.replace("current-context: x", ""), "it names no current-context"),
                new Case(
                        "unknown context",
                        GOOD.replace("current-context: x", "current-context: y"),
                        "its current-context y does not exist"),
                new Case(
                        "unknown cluster",
                        GOOD.replace("cluster: c,", "cluster: d,"),
                        "names cluster d, which does not exist"),
                new Case("unknown user", GOOD.replace("user: u}", "user: v}"), "names user v, which does not exist"),
                new Case(
                        "no server",
                        GOOD.replace("server: \"https://127.0.0.1:6443/prefix\",", ""),
                        "its server is missing"),
                new Case("server without scheme", GOOD.replace("https://", ""), "its server is not a URL"),
                new Case("a user in the URL", GOOD.replace("127", "me:secret@127"), "has more than scheme, host"),
                new Case(
                        "a token in the URL",
                        GOOD.replace("prefix", "prefix?token=secret"),
                        "has more than scheme, host"),
                new Case("a URL that is none", GOOD.replace("127", "me:secret@ 127"), "its server is not a URL"),
                new Case("no host", GOOD.replace("127.0.0.1:6443", ":secret"), "its server"),
                new Case(
                        "a quotation without end",
                        GOOD.replace("{token: secret}", "{token: \"secret}"),
                        "it is not valid YAML of a kubeconfig (what was read is malformed at line"),
                new Case(
                        "token file gone",
                        GOOD.replace("token: secret", "tokenFile: nowhere"),
                        "nowhere cannot be read"),
                new Case(
                        "credential plugin gone",
                        GOOD.replace(
                                "token: secret",
                                "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-program}"),
                        "no-such-program"),
                new Case(
                        "certificate broken",
                        GOOD.replace("insecure-skip-tls-verify: true", "certificate-authority-data: eA=="),
                        "certificate"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatCannotBeUsedIsSaidInOneLine(Case it) throws IOException {
        var file = file(it.text());

        assertThatExceptionOfType(UnusableConnectionException.class)
                .isThrownBy(() -> KubeConnection.open(file, "t"))
                .satisfies(
                        e -> assertThat(e.getMessage()).contains(it.problem()).doesNotContain("\n", "secret"));
    }

    @Test
    void noTextOfItShowsACredential() throws IOException {
        assertThat(KubeConnection.open(file(GOOD), "t").access())
                .hasToString("Access to https://127.0.0.1:6443/prefix/");
    }

    @Test
    void aMissingFileIsNamed() {
        var file = folder.resolve("nowhere");

        assertThatExceptionOfType(UnusableConnectionException.class)
                .isThrownBy(() -> KubeConnection.open(file, "t"))
                .withMessage(
                        "Kubeconfig %s: there is no such file; name an existing one with --kubeconfig or KUBECONFIG.",
                        file);
    }
}
