package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exec and attach in a simulated region, through its backend, over a socket. */
@Timeout(60)
final class SimulatedExecTest {
    private static final String V4 = "v4.channel.k8s.io";
    private static final String V5 = "v5.channel.k8s.io";
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;
    private static final int RESIZE = 4;

    private final StreamFixture fixture = new StreamFixture();
    private InstanceId instance;

    @BeforeEach
    void start() {
        instance = fixture.running("web-0");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {V4, V5})
    void aCommandsOutputAndSuccess(String protocol) throws IOException {
        try (WebSocketClient exec =
                opened(protocol, Map.of("stdout", "true", "stderr", "true"), "sh", "-c", "hostname; echo oops >&2")) {
            exec.toEnd();

            assertThat(exec.text(STDOUT)).isEqualTo("web-0\n");
            assertThat(exec.text(STDERR)).isEqualTo("oops\n");
            assertThat(exec.text(STATUS)).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
            assertThat(exec.closeCode).isEqualTo(1000);
        }
        fixture.awaitNoStream();
    }

    @ParameterizedTest
    @CsvSource({"exit 3, 3", "false, 1", "nosuch, 127"})
    void anExitCodeIsInTheStatus(String script, String exitCode) throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdout", "true"), "sh", "-c", script)) {
            exec.toEnd();

            // As kubectl reads it: k8s.io/client-go/tools/remotecommand, errorDecoderV4.
            assertThat(exec.status().path("status").asText()).isEqualTo("Failure");
            assertThat(exec.status().path("reason").asText()).isEqualTo("NonZeroExitCode");
            assertThat(exec.status().at("/details/causes/0/reason").asText()).isEqualTo("ExitCode");
            assertThat(exec.status().at("/details/causes/0/message").asText()).isEqualTo(exitCode);
        }
    }

    @Test
    void theHandshakeAnswersForTheClient() throws IOException {
        Map<String, List<String>> headers = WebSocketClient.headers("v6.channel.k8s.io", V5, V4);
        StreamAnswer answer = open(Kind.EXEC, headers, Map.of("stdout", "true"), "true");
        try (StreamAnswer.Stream stream = StreamFixture.opened(answer)) {
            assertThat(stream.code()).isEqualTo(101);
            assertThat(stream.headers())
                    .isEqualTo(Map.of(
                            "connection", List.of("Upgrade"),
                            "upgrade", List.of("websocket"),
                            "sec-websocket-accept", List.of(WebSocketClient.ACCEPT),
                            "sec-websocket-protocol", List.of(V5)));
        }
    }

    @Test
    void inputIsCopiedUntilItsEnd() throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), "cat")) {
            exec.send(STDIN, "one ");
            exec.until(STDOUT, "one ");
            exec.send(STDIN, "two");
            exec.end(STDIN);
            exec.toEnd();

            assertThat(exec.text(STDOUT)).isEqualTo("one two");
            assertThat(exec.status().path("status").asText()).isEqualTo("Success");
        }
    }

    @Test
    void withoutStdinThereIsNothingToRead() throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdout", "true"), "cat")) {
            exec.send(STDIN, "not wanted");
            assertThat(exec.toEnd().text(STDOUT)).isEmpty();
        }
    }

    @Test
    void inV4TheEndOfAChannelIsNotKnown() throws IOException {
        try (WebSocketClient exec = opened(V4, Map.of("stdin", "true", "stdout", "true"), "cat")) {
            exec.end(STDIN);
            exec.send(STDIN, "still open");
            exec.until(STDOUT, "still open");
        }
        fixture.awaitNoStream();
    }

    @Test
    void muchInputComesBackUnchangedThroughASlowReader() throws Exception {
        String much = "0123456789abcdef".repeat(64 * 1024);
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), "cat")) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int at = 0; at < much.length(); at += 1 << 17) {
                        exec.send(STDIN, much.substring(at, at + (1 << 17)));
                    }
                    exec.end(STDIN);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Thread.sleep(300);
            exec.until(STATUS, "Success");
            writer.join();

            assertThat(exec.text(STDOUT)).isEqualTo(much);
        }
    }

    @Test
    void aMessageInPiecesIsOne() throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), "cat")) {
            exec.frame(0x02, new byte[] {STDIN, 'a'});
            exec.frame(0x89, "ping".getBytes(UTF_8)); // between them
            exec.frame(0x80, new byte[] {'b'});
            exec.end(STDIN);

            assertThat(exec.toEnd().text(STDOUT)).isEqualTo("ab");
            assertThat(exec.pongs).isEqualTo(1);
        }
    }

    @Test
    void aTerminalEchoesAndKnowsItsSize() throws IOException {
        try (WebSocketClient exec =
                opened(V5, Map.of("stdin", "true", "stdout", "true", "stderr", "true", "tty", "true"), "sh")) {
            exec.send(RESIZE, "{\"Width\":132,\"Height\":43}");
            exec.until(STDOUT, "# ");
            exec.send(STDIN, "stty size\r");
            exec.until(STDOUT, "# stty size\r\n43 132\r\n# ");
            exec.send(RESIZE, "no JSON");
            exec.send(RESIZE, "{\"Width\":80,\"Height\":24}");
            exec.send(STDIN, "stty size\r");
            exec.until(STDOUT, "24 80\r\n# ");
            exec.send(STDIN, "sleep 1000\r");
            exec.until(STDOUT, "sleep 1000\r\n");
            exec.send(STDIN, "\003");
            exec.until(STDOUT, "^C\r\n# ");
            exec.send(STDIN, "nosuch\r");
            exec.until(STDOUT, "sh: nosuch: not found\r\n# ");
            exec.send(STDIN, "exit 4\r");

            exec.toEnd();
            assertThat(exec.text(STDERR)).isEmpty();
            assertThat(exec.status().at("/details/causes/0/message").asText()).isEqualTo("4");
        }
        fixture.awaitNoStream();
    }

    @Test
    void attachShowsTheLogFromNowOn() throws IOException {
        try (WebSocketClient attach = new WebSocketClient(StreamFixture.opened(
                open(Kind.ATTACH, WebSocketClient.headers(V5), Map.of("stdin", "true", "stdout", "true"))))) {
            attach.until(STDOUT, "of nginx in pod default/web-0\n");
            assertThat(attach.text(STDOUT)).doesNotContain("line 1 ");

            fixture.admin.happen(StreamFixture.REGION, instance, Happening.COMPLETE);

            attach.toEnd();
            assertThat(attach.status().path("status").asText()).isEqualTo("Success");
        }
        fixture.awaitNoStream();
    }

    @Test
    void whatRunsEndsWithItsContainer() throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdout", "true"), "sleep", "1000")) {
            fixture.backend.terminate(instance);

            exec.toEnd();
            assertThat(exec.status().at("/details/causes/0/message").asText()).isEqualTo("137");
        }
        fixture.awaitNoStream();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep 1000", "cat", "sh"})
    void aClientThatGoesAwayFreesEverything(String command) throws IOException {
        WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), command.split(" "));
        Await.until("an open stream", () -> fixture.server.openStreams() == 1);

        exec.close();

        fixture.awaitNoStream();
    }

    @Test
    void aClientThatDoesNotReadAndGoesAwayFreesEverything() throws IOException {
        WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), "cat");
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    exec.send(STDIN, "x".repeat(1 << 16));
                }
            } catch (IOException gone) {
                assertThat(gone).isNotNull();
            }
        });
        Await.until("a writer that waits", () -> writer.getState() == Thread.State.WAITING);

        exec.close();

        fixture.awaitNoStream();
    }

    @Test
    void aClientThatClosesInOrderIsAnswered() throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), "cat")) {
            exec.frame(0x88, new byte[] {(byte) (1001 >> 8), (byte) 1001});

            assertThat(exec.toEnd().closeCode).isEqualTo(1001);
        }
        fixture.awaitNoStream();
    }

    @Test
    void closingTheServerEndsWhatRuns() throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), "cat")) {
            exec.send(STDIN, "running");
            exec.until(STDOUT, "running");

            fixture.server.close();

            fixture.awaitNoStream();
        }
    }

    @Test
    void closingTheServerEndsWhatIsAboutToRun() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (StreamFixture other = new StreamFixture()) {
                StreamRequest request = request(
                        Kind.EXEC, "nginx", WebSocketClient.headers(V5), Map.of("stdout", "true"), "sleep", "100");
                InstanceId at = other.running("web-0");
                StreamAnswer answer = other.backend.pods().open(at, request);
                other.server.close();

                other.awaitNoStream();
                StreamFixture.opened(answer).close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "not masked,                     820141,                       1002",
        "a reserved bit,                 c281000000000041,             1002",
        "an unknown opcode,              838100000000,                 1002",
        "a control frame in pieces,      098000000000,                 1002",
        "a long control frame,           89fe007e00000000,             1002",
        "a piece of nothing,             808100000000,                 1002",
        "a message in another,           0281000000000281,             1002",
        "half a close code,              8881000000000a,               1002",
        "too large by a byte,            82ff000000000010000100000000, 1009",
        "as large as can be said,        82ff7fffffffffffffff00000000, 1009",
        "a negative length,              82ffffffffffffffffff00000000, 1002",
        "no channel to close,            828100000000ff,               1002",
    })
    void aFrameThatIsMalformedOrTooLargeEndsTheConnection(String what, String frame, int closeCode) throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true", "stdout", "true"), "cat")) {
            byte[] bytes = java.util.HexFormat.of().parseHex(frame);
            exec.raw(bytes);
            exec.raw(new byte[8]);

            assertThat(exec.toEnd().closeCode).as(what).isEqualTo(closeCode);
        }
        fixture.awaitNoStream();
    }

    @Test
    void theLargestMessageIsTaken() throws IOException {
        try (WebSocketClient exec = opened(V5, Map.of("stdin", "true"), "true")) {
            exec.frame(0x82, new byte[1 << 20]);
            assertThat(exec.toEnd().closeCode).isEqualTo(1000);
        }
    }

    @Test
    void whatCannotBeOpenedSaysWhy() {
        String needed = "Exec and attach need a WebSocket here, with the sub-protocol v4.channel.k8s.io or"
                + " v5.channel.k8s.io; SPDY is not spoken.";
        Map<String, List<String>> spdy = Map.of(
                "connection", List.of("Upgrade"),
                "upgrade", List.of("SPDY/3.1"),
                "x-stream-protocol-version", List.of(V4));
        Map<String, String> out = Map.of("stdout", "true");

        assertThat(open(Kind.EXEC, spdy, out, "true")).isEqualTo(new StreamAnswer.Refused(400, needed));
        assertThat(open(Kind.EXEC, Map.of(), out, "true")).isEqualTo(new StreamAnswer.Refused(400, needed));
        assertThat(open(Kind.EXEC, WebSocketClient.headers("channel.k8s.io"), out, "true"))
                .isEqualTo(new StreamAnswer.Refused(400, needed));
        assertThat(open(Kind.EXEC, WebSocketClient.headers(V5), out))
                .isEqualTo(new StreamAnswer.Refused(400, "A command is needed."));
        assertThat(open(Kind.ATTACH, WebSocketClient.headers(V5), Map.of("stdin", "false")))
                .isEqualTo(new StreamAnswer.Refused(400, "At least one of stdin, stdout and stderr is needed."));
        assertThat(open(
                        Kind.PORT_FORWARD,
                        WebSocketClient.headers("SPDY/3.1+portforward.k8s.io"),
                        Map.of("ports", "80")))
                .isEqualTo(new StreamAnswer.Refused(
                        501, "A simulated container listens on no port, so there is nothing to forward to."));
        assertThat(open(Kind.EXEC, Map.of("cookie", List.of("a")), out, "true"))
                .isEqualTo(new StreamAnswer.Refused(400, "cookie cannot be passed on to a region."));
    }

    @Test
    void thereIsNoExecWhereNothingRuns() {
        StreamRequest request =
                request(Kind.EXEC, "sidecar", WebSocketClient.headers(V5), Map.of("stdout", "1"), "true");
        assertThat(fixture.backend.pods().open(instance, request))
                .isEqualTo(new StreamAnswer.Refused(404, "container \"sidecar\" not found in pod \"web-0\""));
        assertThat(fixture.backend.pods().open(new InstanceId("i-0-9"), request))
                .isEqualTo(new StreamAnswer.Refused(404, "Region region-a has no such instance."));

        fixture.admin.happen(StreamFixture.REGION, instance, Happening.FAIL);
        assertThat(open(Kind.EXEC, WebSocketClient.headers(V5), Map.of("stdout", "1"), "true"))
                .isEqualTo(new StreamAnswer.Refused(400, "container \"nginx\" in pod \"web-0\" is not running"));

        fixture.define(60_000);
        instance = fixture.accepted(requestFor("web-1"));
        assertThat(open(Kind.EXEC, WebSocketClient.headers(V5), Map.of("stdout", "1"), "true"))
                .isEqualTo(new StreamAnswer.Refused(
                        400, "container \"nginx\" in pod \"web-1\" is waiting to start: ContainerCreating"));
    }

    private WebSocketClient opened(String protocol, Map<String, String> options, String... command) {
        return new WebSocketClient(
                StreamFixture.opened(open(Kind.EXEC, WebSocketClient.headers(protocol), options, command)));
    }

    private StreamAnswer open(
            Kind kind, Map<String, List<String>> headers, Map<String, String> options, String... command) {
        String container = kind == Kind.PORT_FORWARD ? "" : "nginx";
        return fixture.backend.pods().open(instance, request(kind, container, headers, options, command));
    }

    private static StreamRequest request(
            Kind kind,
            String container,
            Map<String, List<String>> headers,
            Map<String, String> options,
            String... command) {
        Map<String, List<String>> lists = new TreeMap<>();
        options.forEach((name, value) -> lists.put(name, List.of(value)));
        if (command.length > 0) {
            lists.put("command", List.of(command));
        }
        return new StreamRequest(kind, container, lists, headers);
    }
}
