package dev.spillway.bench.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.bench.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** The audit log of an API server: who wrote what, in the order in which the writes were complete. */
public final class AuditLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    /** The log in a file, which may still grow. */
    public AuditLog(Path file) {
        this.file = file;
    }

    /**
     * One request; mutating ones alone where the server was started with {@code withAuditLog} and nothing else.
     *
     * @param subresource empty where there is none
     * @param namespace empty where there is none
     * @param received when it arrived, by the server's clock, in microseconds
     * @param completed when it was answered, likewise
     */
    public record Write(
            String agent,
            String verb,
            String resource,
            String subresource,
            String namespace,
            String name,
            int code,
            Instant received,
            Instant completed) {

        /** Such as {@code create pods/binding}. */
        public String kind() {
            return verb + " " + resource + (subresource.isEmpty() ? "" : "/" + subresource);
        }

        /** The pod that it is about, empty where it is about none. An Event is named POD.HASH, and pods here have no dots. */
        public String pod() {
            return switch (resource) {
                case "pods" -> name;
                case "events" -> name.substring(0, Math.max(0, name.indexOf('.')));
                default -> "";
            };
        }

        /** Whether it binds a pod to a node. */
        public boolean isBinding() {
            return resource.equals("pods") && subresource.equals("binding") && verb.equals("create");
        }

        /** How long the server took. */
        public Duration served() {
            return Duration.between(received, completed);
        }
    }

    /** What one user agent wrote so far. */
    public List<Write> writesOf(String agent) {
        return writes(write -> write.agent().equals(agent));
    }

    /** What fits so far; a {@link BenchmarkException} where the file cannot be read. */
    public List<Write> writes(Predicate<Write> wanted) {
        try (var lines = Files.lines(file)) {
            return lines.map(AuditLog::parse).filter(wanted).toList();
        } catch (IOException e) {
            throw new BenchmarkException("The audit log %s cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
    }

    /** One line; a {@link BenchmarkException} where it is not JSON. */
    public static Write parse(String line) {
        JsonNode event;
        try {
            event = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("The audit log has a line that is not JSON: " + line, e);
        }
        var object = event.path("objectRef");
        return new Write(
                event.path("userAgent").asText(),
                event.path("verb").asText(),
                object.path("resource").asText(),
                object.path("subresource").asText(),
                object.path("namespace").asText(),
                object.path("name").asText(),
                event.path("responseStatus").path("code").asInt(),
                Instant.parse(event.path("requestReceivedTimestamp").asText()),
                Instant.parse(event.path("stageTimestamp").asText()));
    }
}
