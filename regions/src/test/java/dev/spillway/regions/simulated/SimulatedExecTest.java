package dev.spillway.regions.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exec and attach in a simulated region, through its backend, over a socket. */
@Timeout(60)
final class SimulatedExecTest extends ExecCase {
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
                StreamAnswer answer = other.backend.pods().open(at, pod, request);
                other.server.close();

                other.awaitNoStream();
                StreamFixture.opened(answer).close();
            }
        }
    }
}
