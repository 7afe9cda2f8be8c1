package dev.spillway.kube.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.kube.loopback.LoopbackServer;
import dev.spillway.kube.translate.ApiRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class UpgradeTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final ApiRequest EXEC =
            new ApiRequest("POST", "/api/v1/namespaces/n/pods/p/exec?command=sh&stdin=true", null, "");
    private static final Map<String, List<String>> SPDY = Map.of(
            "connection", List.of("Upgrade"),
            "upgrade", List.of("SPDY/3.1"),
            "x-stream-protocol-version", List.of("v5.channel.k8s.io", "v4.channel.k8s.io"));
    private static final String SWITCHED = """
            HTTP/1.1 101 Switching Protocols\r
            Connection: Upgrade\r
            Upgrade: SPDY/3.1\r
            X-Stream-Protocol-Version: v4.channel.k8s.io\r
            \r
            """;

    @TempDir
    private Path folder;

    /** A server that switches, sends its first bytes with its head, and then echoes until it hears the end. */
    private static void echo(LoopbackServer.Call call) throws IOException {
        call.write(SWITCHED + "hello");
        var socket = call.socket();
        socket.getInputStream().transferTo(socket.getOutputStream());
        call.write("bye");
        call.hangUp();
    }

    private LoopbackServer server(boolean tls, LoopbackServer.Handler handler) {
        return tls ? LoopbackServer.tls(folder, handler) : new LoopbackServer(handler);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void carriesBytesBothWaysUntilBothSidesEnd(boolean tls) throws IOException, InterruptedException {
        var sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (var server = server(tls, UpgradeTest::echo);
                var client = new ApiClient(server.connection(folder), 1);
                var stream = client.upgrade(EXEC, SPDY, LONG)) {
            assertThat(stream.isOpen()).isTrue();
            assertThat(stream.headers())
                    .containsEntry("upgrade", List.of("SPDY/3.1"))
                    .containsEntry("x-stream-protocol-version", List.of("v4.channel.k8s.io"));
            assertThat(text(stream.in(), 5)).isEqualTo("hello");
            var failure = new AtomicReference<IOException>();
            var writer = Thread.ofVirtual().start(() -> {
                try {
                    stream.out().write(sent);
                    stream.out().close(); // half: the answer still comes
                } catch (IOException e) {
                    failure.set(e);
                }
            });

            assertThat(stream.in().readNBytes(sent.length)).isEqualTo(sent);
            assertThat(text(stream.in(), 100)).isEqualTo("bye");
            writer.join();
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void asksWithTheProtocolAndItsOwnCredentials() throws IOException {
        try (var server = new LoopbackServer(UpgradeTest::echo);
                var client = new ApiClient(server.connection(folder), 1);
                var _ = client.upgrade(EXEC, SPDY, LONG)) {
            var call = server.calls().getFirst();
            assertThat(call.line()).isEqualTo("POST /api/v1/namespaces/n/pods/p/exec?command=sh&stdin=true");
            assertThat(call.headers())
                    .containsEntry("authorization", "Bearer secret")
                    .containsEntry("user-agent", "spillway-test")
                    .containsEntry("connection", "Upgrade")
                    .containsEntry("upgrade", "SPDY/3.1")
                    .containsEntry("accept", "*/*")
                    .containsEntry("content-length", "0");
        }
    }

    @Test
    void aRefusalComesBackWithItsBody() throws IOException {
        try (var server = new LoopbackServer(call -> call.respond(404, "{\"message\":\"pods \\\"p\\\" not found\"}"));
                var client = new ApiClient(server.connection(folder), 1);
                var stream = client.upgrade(EXEC, SPDY, LONG)) {
            assertThat(stream.code()).isEqualTo(404);
            assertThat(stream.isOpen()).isFalse();
            assertThat(stream.errorText()).contains("not found");
        }
    }

    @Test
    void aRefusalMayEndWithItsConnection() throws IOException {
        try (var server = new LoopbackServer(call -> {
                    call.write("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\ndial tcp: refused");
                    call.hangUp();
                });
                var client = new ApiClient(server.connection(folder), 1);
                var stream = client.upgrade(EXEC, SPDY, LONG)) {
            assertThat(stream.code()).isEqualTo(502);
            assertThat(stream.errorText()).isEqualTo("dial tcp: refused");
        }
    }

    @Test
    void theDeadlineIsForTheAnswerAlone() throws IOException {
        try (var server = new LoopbackServer(call -> {
                    call.write(SWITCHED);
                    LockSupport.parkNanos(4 * SHORT.toNanos());
                    call.write("late");
                    call.hangUp();
                });
                var client = new ApiClient(server.connection(folder), 1);
                var stream = client.upgrade(EXEC, SPDY, SHORT)) {
            assertThat(text(stream.in(), 100)).isEqualTo("late");
        }
    }

    @Test
    void aSilentServerIsGivenUp() throws IOException {
        try (var server = new LoopbackServer(call -> {});
                var client = new ApiClient(server.connection(folder), 1)) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.upgrade(EXEC, SPDY, SHORT));
            assertThat(server.calls()).hasSize(1);
        }
    }

    @Test
    void itsEndAndTheClientsEndAReadUnderWay() throws Exception {
        try (var server = new LoopbackServer(UpgradeTest::echo);
                var client = new ApiClient(server.connection(folder), 1)) {
            for (AutoCloseable ended : List.of(client.upgrade(EXEC, SPDY, LONG), client)) {
                var stream = ended instanceof DuplexStream it ? it : client.upgrade(EXEC, SPDY, LONG);
                assertThat(text(stream.in(), 5)).isEqualTo("hello");
                var reader = Thread.ofVirtual()
                        .start(() -> assertThatExceptionOfType(IOException.class)
                                .isThrownBy(() -> stream.in().read()));

                ended.close();

                assertThat(reader.join(Duration.ofMillis(TimeUnit.SECONDS.toMillis(5))))
                        .isTrue();
            }
        }
    }

    @Test
    void nothingButAProtocolIsAskedForInSomebodyElsesName() throws IOException {
        try (var server = new LoopbackServer(UpgradeTest::echo);
                var client = new ApiClient(server.connection(folder), 1)) {
            for (var headers : List.of(
                    Map.of("Authorization", List.of("Bearer x")),
                    Map.of("Impersonate-User", List.of("root")),
                    Map.of("sec-websocket-x: y\r\nhost", List.of("x")),
                    Map.of("upgrade", List.of("SPDY/3.1\r\nImpersonate-User: root")))) {
                assertThatIllegalArgumentException().isThrownBy(() -> client.upgrade(EXEC, headers, LONG));
            }
            assertThat(server.calls()).isEmpty();
        }
    }

    private static String text(InputStream in, int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
