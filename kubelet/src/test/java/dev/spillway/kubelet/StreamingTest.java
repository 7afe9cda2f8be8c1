package dev.spillway.kubelet;

import static dev.spillway.kubelet.ServerFixture.TOKEN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams over real sockets; what a client sees, and what the region does. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StreamingTest {
    private static final String[] SPDY = {
        TOKEN,
        "Connection: Upgrade",
        "Upgrade: SPDY/3.1",
        "X-Stream-Protocol-Version: v5.channel.k8s.io",
        "X-Stream-Protocol-Version: v4.channel.k8s.io",
        "X-Forwarded-For: 10.0.0.1",
        "Content-Length: 0"
    };

    private final ServerFixture it =
            new ServerFixture(new KubeletServer.Limits(2, 2, 20, Duration.ofSeconds(10), Duration.ofMillis(500)));

    @AfterEach
    void end() {
        it.close();
    }

    @Test
    void aLogComesAsItIsWrittenAndEndsWithTheRegions() throws Exception {
        try (var client = it.client()) {
            client.ask("GET /containerLogs/ns/web/main?follow=true&tailLines=10", TOKEN);
            try (var region = it.region.end()) {
                assertThat(client.head())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .contains("Content-Type: text/plain", "Transfer-Encoding: chunked", "Connection: close");
                write(region, "one\n");
                assertThat(client.text(14)).isEqualTo("000004\r\none\n\r\n"); // before anything else was written
                write(region, "two\n");
            }
            assertThat(client.rest()).isEqualTo("000004\r\ntwo\n\r\n0\r\n\r\n");
        }
        var request = it.region.requests.getFirst();
        assertThat(request.kind()).isEqualTo(Kind.LOG);
        assertThat(request.container()).isEqualTo("main");
        assertThat(request.options()).isEqualTo(Map.of("follow", List.of("true"), "tailLines", List.of("10")));
        assertThat(request.headers()).isEmpty();
        eventually(() -> it.server.openStreams(Kind.LOG) == 0 && it.server.connections() == 0);
    }

    @Test
    void aLogThatNobodyReadsIsNotReadFromTheRegion() throws Exception {
        try (var client = it.client()) {
            client.ask("GET /containerLogs/ns/web/main", TOKEN);
            client.head();
            var written = new AtomicLong();
            try (var region = it.region.end()) {
                var writer = Thread.ofVirtual().start(() -> {
                    var bytes = new byte[64 * 1024];
                    try {
                        while (true) {
                            region.getOutputStream().write(bytes);
                            written.addAndGet(bytes.length);
                        }
                    } catch (IOException e) {
                        // the test is over
                    }
                });
                long before;
                do {
                    before = written.get();
                    LockSupport.parkNanos(Duration.ofMillis(400).toNanos());
                } while (written.get() != before);

                assertThat(written.get()).isBetween(1L, 64L * 1024 * 1024); // the system's buffers alone
                assertThat(client.in.skip(1024 * 1024)).isPositive();
                long stopped = before;
                eventually(() -> {
                    skip(client);
                    return written.get() > stopped;
                });
                hangUp(client);
                assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
            }
        }
    }

    private static void skip(TlsClient client) {
        try {
            client.in.readNBytes(256 * 1024);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClientOfASilentLogThatGoesIsNoticed() throws Exception {
        try (var client = it.client()) {
            client.ask("GET /containerLogs/ns/web/main?follow=true", TOKEN);
            client.head();
            try (var region = it.region.end()) {
                assertThat(it.server.openStreams(Kind.LOG)).isEqualTo(1);
                hangUp(client);

                assertThat(region.getInputStream().read()).isEqualTo(-1);
                eventually(() -> it.server.openStreams(Kind.LOG) == 0);
            }
        }
    }

    @Test
    void aLogThatBreaksLooksBroken() throws Exception {
        try (var client = it.client()) {
            client.ask("GET /containerLogs/ns/web/main", TOKEN);
            client.head();
            var region = it.region.end();
            write(region, "one\n");
            region.setSoLinger(true, 0);
            assertThat(client.text(14)).isEqualTo("000004\r\none\n\r\n");
            hangUp(region); // a reset

            String rest;
            try {
                rest = client.rest();
            } catch (IOException e) {
                rest = ""; // ended without a goodbye
            }
            assertThat(rest).doesNotContain("0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /exec/ns/web/main?command=cat&input=1&output=1",
                "POST /exec/ns/web/uid-1/main?command=cat&input=1&output=1",
                "POST /attach/ns/web/main?input=1&output=1",
                "POST /portForward/ns/web",
                "POST /portForward/ns/web/uid-1"
            })
    void spdyIsCarriedBothWays(String line) throws Exception {
        try (var client = it.client()) {
            client.ask(line, SPDY);
            try (var region = it.region.end()) {
                assertThat(client.head())
                        .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                        .contains("connection: Upgrade\r\n", "upgrade: SPDY/3.1\r\n")
                        .contains("x-stream-protocol-version: v4.channel.k8s.io\r\n");
                echoes(client, region);
            }
            assertThat(client.in.read()).isEqualTo(-1);
        }
        assertThat(it.region.requests.getFirst().headers())
                .isEqualTo(Map.of(
                        "connection", List.of("Upgrade"),
                        "upgrade", List.of("SPDY/3.1"),
                        "x-stream-protocol-version", List.of("v5.channel.k8s.io", "v4.channel.k8s.io")));
        eventually(() -> it.server.connections() == 0);
    }

    @Test
    void aWebSocketStartsWithAGet() throws Exception {
        try (var client = it.client()) {
            client.ask(
                    "GET /exec/ns/web/main?command=ls&command=-l&output=1&error=1",
                    TOKEN,
                    "Connection: keep-alive, Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Protocol: v5.channel.k8s.io");
            try (var region = it.region.end()) {
                client.head();
                echoes(client, region);
            }
        }
        var request = it.region.requests.getFirst();
        assertThat(request.kind()).isEqualTo(Kind.EXEC);
        assertThat(request.options())
                .containsEntry("command", List.of("ls", "-l"))
                .containsEntry("stdin", List.of("false"));
        assertThat(request.headers())
                .containsEntry("upgrade", List.of("websocket"))
                .containsEntry("sec-websocket-protocol", List.of("v5.channel.k8s.io"))
                .doesNotContainKey("authorization");
        assertThat(it.home.requests().getLast().body()).contains("\"verb\":\"create\"", "\"subresource\":\"proxy\"");
    }

    private static void echoes(TlsClient client, Socket region) throws Exception {
        var sent = new byte[700_000];
        new Random(3).nextBytes(sent);
        var there = Thread.ofVirtual().start(() -> write(client, sent));
        var echo = Thread.ofVirtual().start(() -> {
            try {
                region.getOutputStream().write(region.getInputStream().readNBytes(sent.length));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(client.in.readNBytes(sent.length)).isEqualTo(sent);
        there.join();
        echo.join();
    }

    @Test
    void aClientThatHasSaidAllMayStillListen() throws Exception {
        try (var client = it.client();
                var region = exec(client)) {
            client.say("last words");
            client.socket.shutdownOutput();

            assertThat(new String(region.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("last words");
            write(region, "an answer");
            assertThat(client.text(9)).isEqualTo("an answer");
            hangUp(region);
            assertThat(client.in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aRegionThatHasSaidAllMayStillListen() throws Exception {
        try (var client = it.client();
                var region = exec(client)) {
            write(region, "done");
            region.shutdownOutput();
            assertThat(client.rest()).isEqualTo("done");
            client.say("thanks");
            client.socket.shutdownOutput();
            assertThat(new String(region.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("thanks");
        }
        eventually(() -> it.server.connections() == 0);
    }

    @Test
    void whereOneSideHasEndedSilenceOfTheOtherIsTheEnd() throws Exception {
        try (var client = it.client();
                var region = exec(client)) {
            client.socket.shutdownOutput();

            assertThat(region.getInputStream().read()).isEqualTo(-1);
            eventually(() -> it.server.openStreams(Kind.EXEC) == 0); // after half a second here
        }
    }

    @Test
    void aSilentStreamLives() throws Exception {
        try (var client = it.client();
                var region = exec(client)) {
            LockSupport.parkNanos(
                    Duration.ofSeconds(2).toNanos()); // four times what one side is given after the other has ended

            write(region, "still there");
            assertThat(client.text(11)).isEqualTo("still there");
        }
    }

    @Test
    void streamsBeyondTheLimitAreRefused() throws Exception {
        try (var one = it.client();
                var two = it.client();
                var _ = exec(one);
                var second = exec(two)) {
            assertThat(it.server.openStreams(Kind.EXEC)).isEqualTo(2);
            assertThat(it.answer("GET /containerLogs/ns/web/main"))
                    .isEqualTo(
                            "429 2 streams to pods are open, and no more are allowed; close some, or try again later.\n");
            assertThat(it.server.refusedStreams()).isEqualTo(1);
            assertThat(it.answer("GET /healthz")).isEqualTo("200 ok");

            hangUp(second);
            hangUp(two);
            eventually(() -> it.server.openStreams(Kind.EXEC) == 1);
            try (var three = it.client();
                    var _ = exec(three)) {
                assertThat(it.server.openStreams(Kind.EXEC)).isEqualTo(2);
            }
        }
    }

    @Test
    void theServersEndIsEverybodys() throws Exception {
        try (var client = it.client();
                var region = exec(client)) {
            it.server.close();

            assertThat(region.getInputStream().read()).isEqualTo(-1);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                if (client.in.read() < 0) {
                    throw new IOException("ended");
                }
            });
        }
        assertThatExceptionOfType(IOException.class).isThrownBy(it::client);
    }

    private Socket exec(TlsClient client) throws Exception {
        client.ask("POST /exec/ns/web/main?command=sh&input=1&output=1", SPDY);
        var region = it.region.end();
        assertThat(client.head()).startsWith("HTTP/1.1 101");
        return region;
    }

    private static void hangUp(AutoCloseable it) throws Exception {
        it.close();
    }

    private static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private static void write(TlsClient to, byte[] bytes) {
        try {
            to.socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("too late").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
