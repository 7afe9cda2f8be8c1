package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Conditions that replace earlier ones: each keeps the earlier one's time of transition where the status is the same. */
final class ConditionList {
    private static final String TIME = "lastTransitionTime";

    private final JsonNode before;
    private final Instant wallNow;
    private final ArrayNode list = Json.array();

    ConditionList(JsonNode before, Instant wallNow) {
        this.before = before;
        this.wallNow = wallNow;
    }

    /** Adds one; what it returns takes the fields that only some kinds of condition have. */
    Added add(String type, boolean isTrue, String reason, String message) {
        var status = isTrue ? "True" : "False";
        var added = list.addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put(TIME, transition(type, status));
        return new Added(added);
    }

    ArrayNode json() {
        return list;
    }

    private String transition(String type, String status) {
        return Objects.requireNonNullElseGet(timeOf(before, type, status), () -> Timestamps.seconds(wallNow));
    }

    /** Gives each desired condition that has a time the earlier one's where the status is the same. */
    static void keepTimes(JsonNode before, JsonNode desired) {
        for (var condition : desired) {
            var kept = timeOf(
                    before,
                    condition.path("type").asText(),
                    condition.path("status").asText());
            if (kept != null && condition instanceof ObjectNode json && json.has(TIME)) {
                json.put(TIME, kept);
            }
        }
    }

    private static @Nullable String timeOf(JsonNode conditions, String type, String status) {
        for (var condition : conditions) {
            if (condition.path("type").asText().equals(type)
                    && condition.path("status").asText().equals(status)
                    && condition.path(TIME).isTextual()) {
                return condition.path(TIME).asText();
            }
        }
        return null;
    }

    /** A condition just added. */
    record Added(ObjectNode condition) {
        void heartbeat(Instant at) {
            condition.put("lastHeartbeatTime", Timestamps.seconds(at));
        }

        void observed(long generation) {
            condition.put("observedGeneration", generation);
        }
    }
}
