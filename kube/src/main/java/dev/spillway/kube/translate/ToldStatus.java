package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.port.PodStatus;
import java.util.List;

/**
 * Puts what a region's own kubelet says of a pod in the place of what is derived from reports. The phase stays the core's, which only moves
 * forward, and so do conditions of its own; whether the pod is ready is the region's word and that of its readiness gates, which are met at home. What it
 * puts there {@link StatusDigest} knows again.
 */
final class ToldStatus {
    private static final String OBSERVED = "observedGeneration";
    private static final List<String> TOLD = List.of(
            OBSERVED,
            "startTime",
            "hostIP",
            "hostIPs",
            "podIP",
            "initContainerStatuses",
            "containerStatuses",
            "ephemeralContainerStatuses",
            "allocatedResources",
            "resources");

    // A kubelet takes these away when they are over; a patch keeps what it does not name.
    private static final List<String> PASSING = List.of("PodResizePending", "PodResizeInProgress");

    // PodScheduled is the home scheduler's, the second is ours.
    private static final List<String> NOT_TOLD = List.of("PodScheduled", "ContainerInstanceCreated");

    private ToldStatus() {}

    /** Changes {@code derived}, a patch of a pod's status, and returns it. */
    static ObjectNode merge(ObjectNode derived, JsonNode told, PodStatus status) {
        for (var field : TOLD) {
            if (told.has(field)) {
                derived.set(field, told.get(field));
            }
        }
        if (told.path("podIPs") instanceof ArrayNode addresses) {
            // The list is merged by address: those of an earlier sandbox would stay.
            derived.putArray("podIPs").addAll(addresses).addObject().put("$patch", "replace");
        }
        for (var field : List.of("reason", "message")) {
            if (derived.path(field).asText("").isEmpty() && told.path(field).isTextual()) {
                derived.set(field, told.get(field));
            }
        }
        if (derived.path("conditions") instanceof ArrayNode conditions) {
            for (var condition : told.path("conditions")) {
                replace(conditions, condition, status.readinessGates());
            }
            PASSING.forEach(type -> endUnlessTold(type, conditions));
            observed(told.path(OBSERVED), conditions);
        }
        return derived;
    }

    private static void replace(ArrayNode conditions, JsonNode condition, List<ReadinessGate> gates) {
        var type = condition.path("type").asText();
        boolean isOfAGate = gates.stream().anyMatch(gate -> gate.condition().equals(type));
        if (type.isEmpty() || isOfAGate || NOT_TOLD.contains(type)) {
            return;
        }
        if (type.equals("Ready")
                && condition.path("status").asText().equals("True")
                && gates.stream().anyMatch(gate -> !gate.isMet())) {
            return; // as derived: the containers are ready, the gates are not
        }
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.path(i).path("type").asText().equals(type)) {
                conditions.set(i, whole(condition));
                return;
            }
        }
        conditions.add(whole(condition));
    }

    /** As a kubelet does, though the rest of this condition is the scheduler's. */
    private static void observed(JsonNode generation, ArrayNode conditions) {
        for (var condition : conditions) {
            if (generation.isNumber() && condition.path("type").asText().equals("PodScheduled")) {
                ((ObjectNode) condition).set(OBSERVED, generation);
            }
        }
    }

    private static void endUnlessTold(String type, ArrayNode conditions) {
        for (var condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return;
            }
        }
        conditions.addObject().put("type", type).put("$patch", "delete");
    }

    /** A patch merges conditions by type: a reason of before goes only if it is said to. */
    private static ObjectNode whole(JsonNode condition) {
        var json = Json.object();
        json.putNull("reason").putNull("message");
        condition.properties().forEach(field -> json.set(field.getKey(), field.getValue()));
        return json;
    }
}
