package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;

/** Conditions of a status; those of a disruption budget by component-helpers {@code apps/poddisruptionbudget/helpers.go}. */
public final class Conditions {

    /** Whether a budget allows a disruption. */
    public static final String DISRUPTION_ALLOWED = "DisruptionAllowed";

    private Conditions() {}

    /** The condition of a type; missing where there is none. */
    public static JsonNode find(JsonNode object, String type) {
        for (JsonNode condition : Trees.elements(object, "status", "conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    /** Whether the condition of a type is there and True. */
    public static boolean isTrue(JsonNode object, String type) {
        return "True".equals(Trees.text(find(object, type), "status"));
    }

    /** The conditions of an object with one of them replaced in place, or added last. */
    public static ArrayNode with(JsonNode object, ObjectNode condition) {
        ArrayNode conditions = Trees.array();
        boolean replaced = false;
        for (JsonNode old : Trees.elements(object, "status", "conditions")) {
            boolean same = condition.path("type").equals(old.path("type"));
            replaced |= same;
            conditions.add(same ? condition : old);
        }
        return replaced ? conditions : conditions.add(condition);
    }

    /** Says in the condition of a budget, whose status may be changed, what its numbers say. */
    public static void setDisruptionAllowed(ObjectNode budget, Instant now) {
        boolean allowed = budget.path("status").path("disruptionsAllowed").asLong() > 0;
        setDisruptionAllowed(budget, allowed, allowed ? "SufficientPods" : "InsufficientPods", "", now);
    }

    /** The same with a reason of its own. */
    public static void setDisruptionAllowed(
            ObjectNode budget, boolean allowed, String reason, String message, Instant now) {
        JsonNode before = find(budget, DISRUPTION_ALLOWED);
        String status = allowed ? "True" : "False";
        ObjectNode condition = Trees.object()
                .put("type", DISRUPTION_ALLOWED)
                .put("status", status)
                .put("observedGeneration", Metadata.generation(budget))
                .put("lastTransitionTime", Metadata.time(now))
                .put("reason", reason)
                .put("message", message);
        if (before.path("status").asText().equals(status)) {
            condition.set("lastTransitionTime", before.path("lastTransitionTime"));
        }
        Trees.writable(budget, "status").set("conditions", with(budget, condition));
    }
}
