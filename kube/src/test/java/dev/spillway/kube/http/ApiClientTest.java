package dev.spillway.kube.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.kube.loopback.LoopbackServer;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class ApiClientTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final ApiRequest GET = ApiRequest.get("/api/v1/pods/p");
    private static final ApiRequest POST =
            new ApiRequest("POST", "/api/v1/pods/p/binding", "application/json", "{\"ü\":1}");

    @TempDir
    private Path folder;

    @Test
    void sendsWhatItWasGivenUnderItsName() throws IOException {
        try (var server = new LoopbackServer(call -> call.respond(201, "{\"é\":2}", "Retry-After: 3"));
                var client = new ApiClient(server.connection(folder), 4)) {
            var response = client.send(POST, LONG);

            assertThat(response).isEqualTo(new ApiResponse(201, "{\"é\":2}", "3"));
            var call = server.calls().getFirst();
            assertThat(call.line()).isEqualTo("POST /api/v1/pods/p/binding");
            assertThat(call.body()).isEqualTo("{\"ü\":1}");
            assertThat(call.headers())
                    .containsEntry("user-agent", "spillway-test")
                    .containsEntry("authorization", "Bearer secret")
                    .containsEntry("content-type", "application/json")
                    .containsEntry("accept", "application/json");
        }
    }

    @Test
    void aServerThatQuotesTheCredentialIsNotQuoted() throws Exception {
        var token = "to<ken-of-\"nobody\"";
        try (var server = new LoopbackServer(call -> call.respond(
                        call.method().equals("GET") ? 500 : 403,
                        "{\"message\": \"%s, or: to\\u003cken-of-\\\"nobody\\\"\"}"
                                .formatted(call.headers().get("authorization"))));
                var client = new ApiClient(
                        KubeConnection.ofText(
                                "of a test",
                                () -> """
                        {"kind": "Config", "current-context": "x", "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
                         "clusters": [{"name": "c", "cluster": {"server": "%s"}}], "users": [{"name": "u", "user": {"token": "%s"}}]}
                        """.formatted(server.connection(folder).server(), token.replace("\"", "\\\"")),
                                "test"),
                        4)) {
            var clean = "{\"message\": \"Bearer (not shown), or: (not shown)\"}";

            assertThat(client.send(POST, LONG).body()).isEqualTo(clean);
            try (var stream = client.open(GET, LONG)) {
                assertThat(stream.errorText()).isEqualTo(clean);
            }
            try (var stream = client.upgrade(GET, Map.of(), LONG)) {
                assertThat(stream.errorText()).isEqualTo(clean);
            }
        }
    }

    @Test
    void neitherRequestNorResponseShowsItsBody() {
        var exec = new ApiRequest("POST", "/api/v1/namespaces/a/pods/b/exec?command=secret", null, "secret");

        assertThat(exec).hasToString("POST /api/v1/namespaces/a/pods/b/exec");
        assertThat(ApiResponse.of(200, "secret")).hasToString("200 with 6 characters");
    }

    @Test
    void keepsItsConnection() throws IOException {
        try (var server = new LoopbackServer(call -> call.respond(200, "{}"));
                var client = new ApiClient(server.connection(folder), 4)) {
            client.send(POST, LONG);
            client.send(GET, LONG);
            client.send(POST, LONG);

            assertThat(server.calls())
                    .extracting(LoopbackServer.Call::connection)
                    .containsExactly(1, 1, 1);
        }
    }

    @Test
    void leavesAConnectionThatTheServerEnds() throws IOException {
        try (var server = new LoopbackServer(call -> call.respond(200, "{}", "Connection: close"));
                var client = new ApiClient(server.connection(folder), 4)) {
            client.send(POST, LONG);
            client.send(POST, LONG);

            assertThat(server.calls())
                    .extracting(LoopbackServer.Call::connection)
                    .containsExactly(1, 2);
        }
    }

    @Test
    void aWriteWhoseAnswerIsLostIsNotSentAgain() throws IOException {
        try (var server = new LoopbackServer(call -> {
                    if (call.method().equals("POST")) {
                        call.hangUp();
                    } else {
                        call.respond(200, "{}");
                    }
                });
                var client = new ApiClient(server.connection(folder), 4)) {
            client.send(GET, LONG);

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.send(POST, LONG));

            assertThat(server.calls())
                    .extracting(LoopbackServer.Call::line)
                    .containsOnlyOnce("POST /api/v1/pods/p/binding");
        }
    }

    /** As the connections of a server that was killed: it says no goodbye, the end alone comes in. */
    @Test
    void aWriteIsNotSentOnAConnectionThatEndedWhileItWasIdle() throws Exception {
        var ended = new CountDownLatch(1);
        try (var server = new LoopbackServer(call -> {
                    call.respond(200, "{}");
                    if (call.connection() == 1) {
                        call.hangUp();
                        ended.countDown();
                    }
                });
                var client = new ApiClient(server.connection(folder), 4)) {
            client.send(POST, LONG);
            ended.await();

            assertThat(client.send(POST, LONG).code()).isEqualTo(200);

            assertThat(server.calls())
                    .extracting(LoopbackServer.Call::connection)
                    .containsExactly(1, 2);
        }
    }

    @Test
    void aReadThatMetAClosedConnectionIsSentAgainOnce() throws IOException {
        try (var server = new LoopbackServer(call -> {
                    if (call.path().equals("/hang-up") && call.connection() == 1) {
                        call.hangUp();
                    } else {
                        call.respond(200, "{}");
                    }
                });
                var client = new ApiClient(server.connection(folder), 4)) {
            client.send(GET, LONG);

            assertThat(client.send(ApiRequest.get("/hang-up"), LONG).code()).isEqualTo(200);

            assertThat(server.calls())
                    .extracting(LoopbackServer.Call::connection)
                    .containsExactly(1, 1, 2);
        }
    }

    @Test
    void aReadOnANewConnectionIsNotSentAgain() throws IOException {
        try (var server = new LoopbackServer(LoopbackServer.Call::hangUp);
                var client = new ApiClient(server.connection(folder), 4)) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.send(GET, LONG));

            assertThat(server.calls()).hasSize(1);
        }
    }

    @Test
    void theDeadlineHoldsForASilentServer() throws IOException {
        try (var server = new LoopbackServer(call -> {});
                var client = new ApiClient(server.connection(folder), 4)) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.send(POST, SHORT));
        }
    }

    @Test
    void theDeadlineHoldsForAServerThatDribbles() throws IOException {
        var running = new java.util.concurrent.atomic.AtomicReference<LoopbackServer>();
        try (var server = new LoopbackServer(call -> {
                    call.write("HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n");
                    for (int i = 0; i < 100_000; i++) {
                        call.write("x");
                        java.util.Objects.requireNonNull(running.get()).pause(10);
                    }
                });
                var client = new ApiClient(server.connection(folder), 4)) {
            running.set(server);

            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.send(POST, SHORT));
        }
    }

    @Test
    void understandsChunksAndInformationalResponses() throws IOException {
        try (var server = new LoopbackServer(call -> {
                    call.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
                    call.startChunks(200);
                    call.chunk("{\"a\":");
                    call.chunk("1".repeat(30_000));
                    call.chunk("}");
                    call.endChunks();
                });
                var client = new ApiClient(server.connection(folder), 4)) {
            assertThat(client.send(GET, LONG).body()).isEqualTo("{\"a\":" + "1".repeat(30_000) + "}");
            client.send(GET, LONG);

            assertThat(server.calls())
                    .extracting(LoopbackServer.Call::connection)
                    .containsExactly(1, 1);
        }
    }

    @Test
    void halfABodyIsNoResponse() throws IOException {
        try (var server = new LoopbackServer(call -> {
                    call.write("HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{}");
                    call.hangUp();
                });
                var client = new ApiClient(server.connection(folder), 4)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.send(GET, LONG))
                    .withMessageContaining("in the middle");
        }
    }

    @Test
    void saysWhichServerCannotBeReached() throws IOException {
        int port;
        try (var taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }
        var kubeconfig = Files.writeString(folder.resolve("k"), """
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                contexts: [{name: x, context: {cluster: c}}]
                current-context: x
                """.formatted(port));
        try (var client = new ApiClient(KubeConnection.open(kubeconfig, "t"), 1)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.send(GET, LONG))
                    .withMessage("http://127.0.0.1:%d/ cannot be reached: Connection refused".formatted(port));
        }
    }

    @Test
    void afterATooManyRequestsTheNextOnesWait() throws IOException {
        try (var server = new LoopbackServer(call -> call.respond(429, "Too many requests", "Retry-After: 5"));
                var client = new ApiClient(server.connection(folder), 4)) {
            assertThat(client.send(POST, LONG).code()).isEqualTo(429);

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.send(POST, SHORT))
                    .withMessageContaining("asked to wait");
            assertThat(server.calls()).hasSize(1);
        }
    }

    @Test
    void noMoreThanSoManyAtOnce() throws Exception {
        var arrived = new CountDownLatch(1);
        try (var server = new LoopbackServer(call -> arrived.countDown());
                var client = new ApiClient(server.connection(folder), 1);
                var others = Executors.newVirtualThreadPerTaskExecutor()) {
            var hanging = others.submit(() -> client.send(POST, Duration.ofSeconds(2)));
            assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.send(GET, SHORT))
                    .withMessageContaining("No connection became free");
            assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                    .isThrownBy(hanging::get);
        }
    }

    @Test
    void aRefusedTokenIsReadAgain() throws IOException {
        try (var server = new LoopbackServer(call ->
                        call.respond("Bearer new".equals(call.headers().get("authorization")) ? 200 : 401, "{}"));
                var client = new ApiClient(server.connection(folder), 4)) {
            server.writeKubeconfig(folder, "new");

            assertThat(client.send(POST, LONG).code()).isEqualTo(401);
            assertThat(client.send(POST, LONG).code()).isEqualTo(200);
        }
    }

    @Test
    void aStreamIsReadAsItComesAndEndsInSilence() throws IOException {
        try (var server = new LoopbackServer(call -> {
                    call.startChunks(200);
                    call.chunk("first\n");
                });
                var client = new ApiClient(server.connection(folder), 1);
                var stream = client.open(ApiRequest.get("/watch"), SHORT)) {
            assertThat(stream.code()).isEqualTo(200);
            assertThat(new String(stream.body().readNBytes(6), StandardCharsets.UTF_8))
                    .isEqualTo("first\n");
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> stream.body().read());
        }
    }

    @Test
    void aBrokenStreamIsNotTakenForItsEnd() throws IOException {
        try (var server = new LoopbackServer(call -> {
                    call.startChunks(200);
                    call.chunk("first\n");
                    call.hangUp();
                });
                var client = new ApiClient(server.connection(folder), 1);
                var stream = client.open(ApiRequest.get("/watch"), LONG)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> stream.body().readAllBytes());
        }
    }
}
