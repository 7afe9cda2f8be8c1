package dev.spillway.clusterregion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams over a bare connection: what goes over the wire, and for how long. */
class StreamsTest {
    private static final PodId POD = new PodId("ns", "a-0123456789", "u-1");

    private final ServerSocket server;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ApiClient client;

    StreamsTest() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        client = ClusterRegionFixture.client(URI.create("http://127.0.0.1:" + server.getLocalPort()));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    /** What the server does with a connection whose request's head has been read. */
    private interface Behaviour {
        void on(Socket socket, BufferedReader in) throws IOException, InterruptedException;
    }

    private void serve(Behaviour behaviour) {
        Thread.ofVirtual().start(() -> {
            try (var socket = server.accept()) {
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    lines.add(line);
                }
                behaviour.on(socket, in);
            } catch (IOException closed) {
                lines.add("closed");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Test
    void execIsCarriedBothWays() throws IOException {
        serve((socket, in) -> {
            write(socket, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n");
            write(socket, "echo " + in.readLine());
        });
        var headers = Map.of(
                "connection", List.of("Upgrade"),
                "upgrade", List.of("SPDY/3.1"),
                "x-stream-protocol-version", List.of("v4.channel.k8s.io", "channel.k8s.io"));
        var request = new StreamRequest(Kind.EXEC, "main", Map.of("command", List.of("sh", "-c", "a b")), headers);

        var answer = streams(Duration.ofSeconds(10)).open(POD, request);

        assertThat(answer).isInstanceOf(StreamAnswer.Opened.class);
        try (var stream = ((StreamAnswer.Opened) answer).stream()) {
            assertThat(stream.code()).isEqualTo(101);
            assertThat(stream.headers()).containsEntry("upgrade", List.of("SPDY/3.1"));
            stream.out().write("hello\n".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(stream.in().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("echo hello");
        }
        assertThat(lines)
                .contains(
                        "POST /api/v1/namespaces/ns/pods/a-0123456789/exec?container=main&command=sh&command=-c&command=a%20b HTTP/1.1",
                        "x-stream-protocol-version: v4.channel.k8s.io", "x-stream-protocol-version: channel.k8s.io");
    }

    @Test
    void webSocketBeginsWithAGet() {
        serve(
                (socket, in) -> write(
                        socket,
                        "HTTP/1.1 403 Forbidden\r\nContent-Length: 58\r\n\r\n{\"kind\": \"Status\", \"message\": \"pods a is forbidden: User x\"}"));
        var headers = Map.of("connection", List.of("Upgrade"), "upgrade", List.of("websocket"));

        var answer = streams(Duration.ofSeconds(10))
                .open(POD, new StreamRequest(Kind.PORT_FORWARD, "", Map.of("ports", List.of("80", "81")), headers));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        StreamAnswer.Refused.class, no -> assertThat(no.code()).isEqualTo(403));
        assertThat(lines.getFirst())
                .isEqualTo("GET /api/v1/namespaces/ns/pods/a-0123456789/portforward?ports=80&ports=81 HTTP/1.1");
    }

    @Test
    void headersThatAskForNoProtocolDoNotPass() {
        var answer = streams(Duration.ofSeconds(10))
                .open(POD, new StreamRequest(Kind.ATTACH, "main", Map.of(), Map.of("authorization", List.of("x"))));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        StreamAnswer.Refused.class, no -> assertThat(no.code()).isEqualTo(400));
        assertThat(lines).isEmpty();
    }

    @Test
    void aLogMayBeSilentForLongerThanAnyAnswer() throws IOException {
        var deadline = Duration.ofMillis(500);
        serve((socket, in) -> {
            write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            Thread.sleep(deadline.multipliedBy(3));
            write(socket, "5\r\nlater\r\n0\r\n\r\n");
        });

        var answer = streams(deadline).open(POD, new StreamRequest(Kind.LOG, "main", Map.of(), Map.of()));

        try (var stream = ((StreamAnswer.Opened) answer).stream()) {
            assertThat(new String(stream.in().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("later");
        }
    }

    @Test
    void aRegionThatDoesNotAnswerIsGivenUp() throws InterruptedException {
        var given = new CountDownLatch(1);
        serve((socket, in) -> {
            while (in.read() >= 0) {
                lines.add("more");
            }
            given.countDown();
        });

        var answer = streams(Duration.ofMillis(300)).open(POD, new StreamRequest(Kind.LOG, "main", Map.of(), Map.of()));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        StreamAnswer.Refused.class, no -> assertThat(no.code()).isEqualTo(504));
        assertThat(given.await(10, TimeUnit.SECONDS)).as("the connection ends").isTrue();
    }

    private Streams streams(Duration deadline) {
        return new Streams(client, deadline);
    }
}
