package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A pod bound to a node, by the API server's audit log.
 *
 * @param pod namespace/name
 * @param at when the server received the request
 */
record AuditedBinding(String pod, Instant at) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The successful ones so far, in the order in which they were complete. */
    static List<AuditedBinding> in(Path auditLog) throws IOException {
        try (var lines = Files.lines(auditLog)) {
            return lines.filter(line -> line.contains("\"subresource\":\"binding\""))
                    .map(AuditedBinding::parse)
                    .filter(event -> event.at("/responseStatus/code").asInt() == 201)
                    .map(event -> new AuditedBinding(
                            event.at("/objectRef/namespace").asText() + "/"
                                    + event.at("/objectRef/name").asText(),
                            Instant.parse(event.path("requestReceivedTimestamp").asText())))
                    .toList();
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }
}
