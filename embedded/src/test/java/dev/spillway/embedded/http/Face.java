package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.embedded.rules.Admission;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** An embedded cluster on a clock that a test sets, and a plain HTTP client of it. */
final class Face implements AutoCloseable {

    static final String PODS = "/api/v1/namespaces/default/pods";
    static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    static final String JSON = "application/json";

    /** A test that waits longer has failed. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** An answer and what its body says. */
    record Answer(int code, String type, String text) {
        JsonNode json() {
            return read(text);
        }
    }

    /** The lines of a watch. */
    record Events(BufferedReader lines) {

        /** The next event. */
        JsonNode next() {
            String line = line();
            if (line == null) {
                throw new AssertionError("The watch has ended.");
            }
            return read(line);
        }

        /** Whether it ends without a further event. */
        boolean ends() {
            return line() == null;
        }

        private @Nullable String line() {
            try {
                String line = lines.readLine();
                return line == null || line.isBlank() ? null : line;
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final EmbeddedCluster cluster;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Face() {
        this(PodLogs.silent());
    }

    Face(PodLogs logs) {
        InstantSource clock = () -> now;
        cluster = EmbeddedCluster.start(new EmbeddedSettings(0, 1, clock, logs, Admission.none()));
    }

    EmbeddedCluster cluster() {
        return cluster;
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    Answer get(String path) {
        return call("GET", path, JSON, JSON, null);
    }

    Answer get(String path, String accept) {
        return call("GET", path, accept, JSON, null);
    }

    Answer post(String path, String body) {
        return call("POST", path, JSON, JSON, body);
    }

    Answer put(String path, String body) {
        return call("PUT", path, JSON, JSON, body);
    }

    Answer merge(String path, String body) {
        return call("PATCH", path, JSON, "application/merge-patch+json", body);
    }

    Answer delete(String path) {
        return call("DELETE", path, JSON, JSON, null);
    }

    /** Single quotes in the body stand for double ones. */
    Answer call(String method, String path, String accept, String type, @Nullable String body) {
        HttpRequest request = request(path, accept)
                .timeout(LIMIT)
                .header("Content-Type", type)
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        HttpResponse<String> response = send(request, BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }

    Events watch(String path) {
        return watch(path, JSON);
    }

    Events watch(String path, String accept) {
        InputStream stream = send(request(path, accept).timeout(LIMIT).GET().build(), BodyHandlers.ofInputStream())
                .body();
        return new Events(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)));
    }

    static String pod(String name) {
        return "{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c','image':'i:1'}]}}";
    }

    static String deployment(String name, int replicas) {
        return "{'metadata':{'name':'" + name + "'},'spec':{'replicas':" + replicas
                + ",'selector':{'matchLabels':{'app':'"
                + name + "'}},'template':{'metadata':{'labels':{'app':'" + name
                + "'}},'spec':{'containers':[{'name':'c','image':'i:1'}]}}}}";
    }

    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException malformed) {
            throw new UncheckedIOException("No JSON: " + text, malformed);
        }
    }

    /** The elements of an array as texts. */
    static String texts(JsonNode array) {
        StringBuilder text = new StringBuilder();
        for (Iterator<JsonNode> each = array.elements(); each.hasNext(); ) {
            text.append(each.next().asText()).append(each.hasNext() ? " | " : "");
        }
        return text.toString();
    }

    @Override
    public void close() {
        cluster.close();
        client.shutdownNow();
    }

    private HttpRequest.Builder request(String path, String accept) {
        return HttpRequest.newBuilder(cluster.endpoint().resolve(path)).header("Accept", accept);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
