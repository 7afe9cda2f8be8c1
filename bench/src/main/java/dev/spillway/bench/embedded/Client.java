package dev.spillway.bench.embedded;

import dev.spillway.bench.BenchmarkException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Requests to the cluster, each of which must succeed. Thread-safe. */
final class Client implements AutoCloseable {
    /** As the API calls it. */
    static final String STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI endpoint;

    Client(URI endpoint) {
        this.endpoint = endpoint;
    }

    String get(String path) {
        return send(request(path).GET(), "GET " + path);
    }

    void post(String path, String json) {
        send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)),
                "POST " + path);
    }

    void patch(String path, String json) {
        send(
                request(path)
                        .header("Content-Type", STRATEGIC_MERGE_PATCH)
                        .method("PATCH", BodyPublishers.ofString(json)),
                "PATCH " + path);
    }

    /** Whether something is there. */
    boolean isThere(String path) {
        try {
            return http.send(request(path).GET().build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            throw new BenchmarkException("GET %s got no answer: %s".formatted(path, e.getMessage()), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The events of a watch as they come, one a line. */
    InputStream watch(String path) {
        try {
            var request = HttpRequest.newBuilder(endpoint.resolve(path)).GET().build();
            return http.send(request, BodyHandlers.ofInputStream()).body();
        } catch (IOException e) {
            throw new BenchmarkException("GET %s got no answer: %s".formatted(path, e.getMessage()), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(endpoint.resolve(path))
                .timeout(DEADLINE)
                .header("User-Agent", "spillway-bench/1")
                .header("Accept", "application/json");
    }

    private String send(HttpRequest.Builder request, String what) {
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new BenchmarkException(
                        "%s was answered with %d: %s".formatted(what, response.statusCode(), response.body()));
            }
            return response.body();
        } catch (IOException e) {
            throw new BenchmarkException("%s got no answer: %s".formatted(what, e.getMessage()), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static BenchmarkException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new BenchmarkException("The benchmark was interrupted.", e);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
