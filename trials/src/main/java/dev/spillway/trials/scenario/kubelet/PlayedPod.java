package dev.spillway.trials.scenario.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** The status that a kubelet writes for a pod whose containers all run. Pure. */
final class PlayedPod {
    private PlayedPod() {}

    /** Whether the pod says that it runs, and of its readiness what it should. */
    static boolean shows(JsonNode pod, boolean ready) {
        return pod.path("status").path("phase").asText().equals("Running")
                && condition(pod, "Ready").equals(ready ? "True" : "False");
    }

    /** Whether the conditions hold that others have to set before the pod is ready. */
    static boolean passesReadinessGates(JsonNode pod) {
        for (JsonNode gate : pod.path("spec").path("readinessGates")) {
            if (!condition(pod, gate.path("conditionType").asText()).equals("True")) {
                return false;
            }
        }
        return true;
    }

    /** A copy that says so. */
    static ObjectNode running(JsonNode pod, boolean ready, Instant now) {
        ObjectNode next = pod.deepCopy();
        ObjectNode status = next.withObject("/status").put("phase", "Running");
        if (!status.has("startTime")) {
            status.put("startTime", PlayedNode.seconds(now));
        }
        set(status, "PodScheduled", true, now);
        set(status, "Initialized", true, now);
        set(status, "ContainersReady", ready, now);
        set(status, "Ready", ready, now);
        ArrayNode containers = status.putArray("containerStatuses");
        for (JsonNode container : pod.path("spec").path("containers")) {
            ObjectNode one = containers
                    .addObject()
                    .put("name", container.path("name").asText())
                    .put("image", container.path("image").asText())
                    .put("imageID", "played")
                    .put("ready", ready)
                    .put("started", true)
                    .put("restartCount", 0);
            one.putObject("state").putObject("running").put("startedAt", PlayedNode.seconds(now));
        }
        return next;
    }

    private static void set(ObjectNode status, String type, boolean holds, Instant now) {
        String value = holds ? "True" : "False";
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode there ? there : status.putArray("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).path("type").asText().equals(type)) {
                if (!conditions.get(i).path("status").asText().equals(value)) {
                    conditions.set(i, made(type, value, now));
                }
                return;
            }
        }
        conditions.add(made(type, value, now));
    }

    private static ObjectNode made(String type, String value, Instant now) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("status", value)
                .put("lastTransitionTime", PlayedNode.seconds(now));
    }

    private static String condition(JsonNode pod, String type) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "absent";
    }
}
