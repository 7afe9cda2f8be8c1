package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays stories on a real cluster and writes the facts into their files. Run by hand:
 *
 * <p>{@code StoryRecorder http://127.0.0.1:8001 src/test/resources/controllers}, against {@code kubectl proxy} in front of {@code
 * it/controlplane/cluster.sh}, whose kube-controller-manager does the work; there is no kubelet and no scheduler.
 */
public final class StoryRecorder {

    private StoryRecorder() {}

    /** Records every file of a folder, or the one file, named second, with the server named first. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path place = Path.of(arguments[1]);
        try (Stream<Path> files = Files.isDirectory(place) ? Files.list(place) : Stream.of(place)) {
            for (Thread thread : files.sorted()
                    .map(file -> Thread.ofVirtual().start(() -> record(arguments[0], file)))
                    .toList()) {
                thread.join();
            }
        }
    }

    private static void record(String server, Path file) {
        Stage stage = new Real(server);
        String namespace = "story-" + Long.toString(System.nanoTime(), 36);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("metadata").put("name", namespace);
        stage.call("POST", "/api/v1/namespaces", body);
        stage.pass(3); // its service account has to come first
        JsonNode played = new Story(file, namespace, stage).play((step, facts) -> step.set("facts", facts));
        try {
            Files.writeString(file, format(played));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String format(JsonNode story) {
        List<String> steps = story.path("steps")
                .valueStream()
                .map(step -> step.has("facts") ? pretty(step) : "    " + step)
                .toList();
        return "{\n  \"about\": " + story.get("about") + ",\n  \"steps\": [\n" + String.join(",\n", steps)
                + "\n  ]\n}\n";
    }

    /** One fact a line. */
    private static String pretty(JsonNode step) {
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        try {
            return new ObjectMapper()
                    .writer(printer)
                    .writeValueAsString(step)
                    .indent(4)
                    .stripTrailing();
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException(unwritable);
        }
    }

    private record Real(String server, ObjectMapper json, HttpClient client) implements Stage {

        Real(String server) {
            this(
                    server,
                    new ObjectMapper(),
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
        }

        @Override
        public ObjectNode call(String method, String path, @Nullable ObjectNode body) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server + path))
                    .header(
                            "Content-Type",
                            method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
                    .build();
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                if (response.statusCode() >= 300) {
                    throw new IllegalStateException(method + " " + path + ": " + response.body());
                }
                return (ObjectNode) json.readTree(response.body());
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public void pass(int seconds) {
            try {
                TimeUnit.SECONDS.sleep(seconds);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public Instant now() {
            return Instant.now();
        }
    }
}
