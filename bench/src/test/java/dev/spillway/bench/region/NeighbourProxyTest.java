package dev.spillway.bench.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spillway.bench.region.NeighbourProxy.Mood;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class NeighbourProxyTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch watchMayEnd = new CountDownLatch(1);
    private final HttpServer behind;
    private final NeighbourProxy proxy;

    NeighbourProxyTest() throws Exception {
        behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy = NeighbourProxy.start(
                URI.create("http://127.0.0.1:" + behind.getAddress().getPort()), SSLContext.getDefault());
    }

    @BeforeEach
    void serve() {
        behind.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        behind.createContext("/api", NeighbourProxyTest::tell);
        behind.createContext("/watch", this::watch);
        behind.start();
    }

    @AfterEach
    void end() {
        watchMayEnd.countDown();
        client.shutdownNow();
        proxy.close();
        behind.stop(0);
    }

    @Test
    void calmHandsOnWhatIsAskedAndWhatIsAnswered() throws Exception {
        var answer = send();

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).isEqualTo("POST /api/pods?dryRun=All Bearer secret {\"a\": 1}");
    }

    @Test
    void throttledIsA429WithATime() throws Exception {
        proxy.become(Mood.THROTTLED);

        var answer = send();

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
    }

    @Test
    void slowAnswersTheSameTwoSecondsLate() throws Exception {
        proxy.become(Mood.SLOW);
        long begin = System.nanoTime();

        assertThat(send().statusCode()).isEqualTo(201);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void flappingBeginsWithoutAnAnswer() {
        proxy.become(Mood.FLAPPING);

        assertThatThrownBy(this::send).isInstanceOf(IOException.class);
    }

    @Test
    void lyingIsA200AndAsksNobody() throws Exception {
        proxy.become(Mood.LYING);

        var answer = send();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("Banana").doesNotContain("secret");
    }

    @Test
    @Timeout(20)
    void anotherMoodEndsAWatchThatWouldGoOn() throws Exception {
        var request = HttpRequest.newBuilder(proxy.address().resolve("/watch")).build();
        var watch =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        assertThat(watch.read()).isEqualTo('e'); // while it goes on

        proxy.become(Mood.THROTTLED);

        assertThat(watch.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("vent\n");
    }

    @Test
    void aKubeconfigLeadsThroughIt() {
        assertThat(proxy.through("""
                clusters:
                  - cluster:
                      server: https://127.0.0.1:6443
                      certificate-authority-data: AAAA
                users: []
                """)).isEqualTo("""
                clusters:
                  - cluster:
                      server: %s
                users: []
                """.formatted(proxy.address()));
    }

    private HttpResponse<String> send() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(proxy.address().resolve("/api/pods?dryRun=All"))
                .header("Authorization", "Bearer secret")
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\": 1}"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void tell(HttpExchange exchange) throws IOException {
        var told = "%s %s %s %s"
                .formatted(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(201, 0);
        exchange.getResponseBody().write(told.getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    private void watch(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("event\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        try {
            watchMayEnd.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }
}
