package dev.spillway.app.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.app.monitoring.HealthServer.Health;
import dev.spillway.recording.recorder.Recording;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HealthServerTest {
    private final AtomicReference<Health> ready = new AtomicReference<>(new Health(false, "reading the cluster"));
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<Optional<Recording.Copy>> recorded = new AtomicReference<>(Optional.empty());
    private final HealthServer server = HealthServer.start(InetAddress.getLoopbackAddress(), 0, new Answers());
    private final DebugServer debug = DebugServer.start(0, recorded::get);

    private final class Answers implements HealthServer.Answers {
        @Override
        public Health alive() {
            return new Health(true, "ok");
        }

        @Override
        public Health ready() {
            return ready.get();
        }

        @Override
        public String metrics() {
            return "spillway_x 1\n";
        }
    }

    @AfterEach
    void close() {
        server.close();
        debug.close();
        client.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(server.port(), path);
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void saysWhetherItIsAliveAndReady() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        var before = get("/readyz");
        ready.set(new Health(true, "leading"));
        var after = get("/readyz");

        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).isEqualTo("reading the cluster\n");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.body()).isEqualTo("leading\n");
    }

    @Test
    void servesMetrics() throws Exception {
        var metrics = get("/metrics");

        assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.body()).isEqualTo("spillway_x 1\n");
    }

    @Test
    void aSnapshotIsWhatIsRecorded() throws Exception {
        var none = get(debug.port(), "/debug/snapshot");
        recorded.set(Optional.of(new Recording.Copy(null, 0, List.of("ab".getBytes(UTF_8), "cd".getBytes(UTF_8)))));

        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.body()).contains("--record is off");
        assertThat(get(debug.port(), "/debug/snapshot").body()).isEqualTo("abcd");
        assertThat(get("/debug/snapshot").statusCode())
                .as("not where others may ask")
                .isEqualTo(404);
    }

    @Test
    void anOccupiedPortIsNamed() {
        assertThatThrownBy(() -> HealthServer.start(InetAddress.getLoopbackAddress(), server.port(), new Answers()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Port " + server.port())
                .hasMessageContaining("choose another one");
    }
}
