package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * An event that must be among some. Immutable.
 *
 * @param type Normal or Warning; empty = either
 * @param reason empty = any
 * @param part of its message; empty = any
 */
record WantedEvent(String type, String reason, String part) {
    /** What there is. */
    static final List<String> TYPES = List.of("Normal", "Warning");

    /** Of either type. */
    WantedEvent(String reason, String part) {
        this("", reason, part);
    }

    /** After "has an event". */
    String text() {
        return (type.isEmpty() ? "" : " of type " + type)
                + (reason.isEmpty() ? "" : " " + reason)
                + (part.isEmpty() ? "" : " that says '%s'".formatted(part));
    }

    /** What is there instead; empty where it is there. */
    Optional<String> mismatch(List<JsonNode> events) {
        if (events.stream().anyMatch(this::isMeant)) {
            return Optional.empty();
        }
        var seen = events.stream()
                .map(event -> "%s %s: %s"
                        .formatted(
                                event.path("type").asText(),
                                event.path("reason").asText(),
                                event.path("message").asText()))
                .toList();
        return Optional.of(seen.isEmpty() ? "has no event" : "has " + seen);
    }

    /** Another one, which is not there where this one is, unless nothing is said of it. */
    WantedEvent inverted() {
        return reason.isEmpty()
                ? new WantedEvent(type, reason, "not: " + part)
                : new WantedEvent(type, "Not" + reason, part);
    }

    private boolean isMeant(JsonNode event) {
        return (type.isEmpty() || event.path("type").asText().equals(type))
                && (reason.isEmpty() || event.path("reason").asText().equals(reason))
                && event.path("message").asText().contains(part);
    }
}
