package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class MainTest {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_COMMAND_LINE = 2;

    @TempDir
    private Path folder = Path.of("");

    private record Ran(int code, String out, String err) {}

    private static Ran run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Ran(code, out.toString(), err.toString());
    }

    private static void assertOneLine(Ran ran, String... parts) {
        assertThat(ran.code()).as(ran.err()).isEqualTo(FAILED);
        assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
        assertThat(ran.err()).startsWith("spillway: ").contains(parts).doesNotContain("Exception");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void helpNamesEachCommandAndShowsExamples() {
        for (var args : new String[][] {{}, {"--help"}, {"help"}}) {
            var help = run(args);

            assertThat(help.code()).isEqualTo(DONE);
            assertThat(help.out())
                    .contains("controller", "doctor", "explain", "install", "replay", "simulated-regions", "version")
                    .doesNotContain("demo", "scenario")
                    .contains("spillway controller --kubeconfig FILE");
        }
    }

    @Test
    void eachCommandHasHelpWithExamples() {
        for (var command : new String[] {
            "controller", "doctor", "explain", "install", "replay", "simulated-regions", "uninstall", "upgrade"
        }) {
            assertThat(run(command, "--help").out()).contains("Examples:", "spillway " + command + " ");
        }
    }

    @Test
    void saysItsVersion() {
        assertThat(run("--version").out()).isEqualTo("spillway 0.1.0" + System.lineSeparator());
        assertThat(run("controller", "--version").out()).isEqualTo("spillway 0.1.0" + System.lineSeparator());
    }

    @Test
    void saysWhichSourcesItWasBuiltFromAndWhatItRunsOn() {
        var lines = run("version").out().lines().toList();

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo("spillway 0.1.0");
        // Filtered by the build: a hash of git's and a time in UTC, or unknown where there is no git, never a
        // placeholder.
        assertThat(lines.get(1))
                .matches(
                        "commit   ([0-9a-f]{40}(-changed)? \\(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\)|unknown \\(unknown\\))");
        assertThat(lines.get(2)).startsWith("build    Java 25").endsWith(System.getProperty("os.arch"));
    }

    @Test
    void aCommandThatDoesNotExistIsAWrongCommandLine() {
        var ran = run("contoller");

        assertThat(ran.code()).isEqualTo(WRONG_COMMAND_LINE);
        assertThat(ran.err()).contains("contoller");
    }

    @Test
    void aKubeconfigThatIsMissingIsNamed() {
        var missing = folder.resolve("nowhere").toString();

        assertOneLine(run("install", "--kubeconfig", missing), missing, "--kubeconfig");
        for (var command : new String[] {"controller", "simulated-regions"}) {
            assertOneLine(run(command, "--port=0", "--kubeconfig", missing), missing, "--kubeconfig");
        }
    }

    @Test
    void aMalformedKubeconfigIsNamed() throws IOException {
        var malformed = Files.writeString(folder.resolve("malformed"), "clusters: [}\n\tno: yaml");
        var empty = Files.writeString(folder.resolve("empty"), "");

        assertOneLine(run("install", "--kubeconfig", malformed.toString()), malformed.toString(), "YAML");
        assertOneLine(run("install", "--kubeconfig", empty.toString()), empty.toString(), "contexts");
    }

    @Test
    void aServerThatDoesNotAnswerIsNamed() throws IOException {
        var server = "http://127.0.0.1:" + freePort();
        var kubeconfig = FakeApiServer.kubeconfig(folder, server).toString();

        assertOneLine(run("controller", "--port=0", "--kubeconfig", kubeconfig), server, "cannot be reached", "check");
        assertOneLine(run("install", "--kubeconfig", kubeconfig), server, "cannot be reached", "check");
        assertOneLine(run("simulated-regions", "--port=0", "--kubeconfig", kubeconfig), server, "cannot be reached");
    }

    @Test
    void missingDefinitionsAreNamedWithTheCommandThatBringsThem() throws IOException {
        try (var server = new FakeApiServer()) {
            var kubeconfig = server.kubeconfig(folder).toString();

            assertOneLine(
                    run("controller", "--port=0", "--kubeconfig", kubeconfig),
                    "regions.spillway.dev",
                    "spillway install");
            assertOneLine(
                    run("simulated-regions", "--port=0", "--kubeconfig", kubeconfig),
                    "regions.spillway.dev",
                    "spillway install");
        }
    }

    @Test
    void refusedCredentialsAndMissingRightsAreSaid() throws IOException {
        var regions = "/apis/spillway.dev/v1alpha1/regions";
        try (var server = new FakeApiServer()) {
            var kubeconfig = server.kubeconfig(folder).toString();

            server.answers(regions, 401, "{\"kind\": \"Status\", \"message\": \"Unauthorized\"}");
            assertOneLine(
                    run("controller", "--port=0", "--kubeconfig", kubeconfig),
                    "does not accept the credentials",
                    "renew");
            server.answers(regions, 403, "{\"kind\": \"Status\", \"message\": \"regions is forbidden\"}");
            assertOneLine(
                    run("controller", "--port=0", "--kubeconfig", kubeconfig), "regions is forbidden", "rbac.yaml");
        }
    }

    @Test
    void somethingElseThanAnApiServerIsSaid() throws IOException {
        try (var server = new FakeApiServer()
                .answers("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", 200, "<html>")
                .answers("/apis/spillway.dev/v1alpha1/regions", 200, "{}")
                .answers("/apis/scheduling.alibabacloud.com/v1alpha1/resourcepolicies", 200, "{}")
                .answers("/api/v1/namespaces/kube-system", 200, "<html>")) {
            assertOneLine(
                    run(
                            "controller",
                            "--port=0",
                            "--kubeconfig",
                            server.kubeconfig(folder).toString()),
                    "not JSON");
        }
    }

    @Test
    void anOccupiedPortIsNamed() throws IOException {
        try (var occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(occupied.getLocalPort());

            assertOneLine(run("simulated-regions", "--port", port), port, "choose another one");
            assertOneLine(run("controller", "--port", port), port, "choose another one");
        }
    }

    @Test
    void simulatedRegionsServeUntilTheyAreToldToEnd() throws Exception {
        var code = new AtomicInteger(-1);
        var reader = new PipedReader();
        var out = new PrintWriter(new PipedWriter(reader), true);
        var server = Thread.ofPlatform()
                .start(() ->
                        code.set(Main.run(out, new PrintWriter(new StringWriter()), "simulated-regions", "--port=0")));
        var line = new BufferedReader(reader).readLine();
        assertThat(line).startsWith("simulated regions serve on http://127.0.0.1:");

        try (var client = HttpClient.newHttpClient()) {
            var endpoint = line.substring(line.indexOf("http://"));
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(endpoint + "/v1/regions")).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        server.interrupt();

        assertThat(server.join(Duration.ofSeconds(30))).isTrue();
        assertThat(code).hasValue(DONE);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
