package dev.spillway.app.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.cluster.Names;
import dev.spillway.embedded.http.PodLogs;
import java.util.ArrayList;
import java.util.List;

/**
 * What the containers of simulated instances say: that nothing runs in them, where they are, and what became of them, by the pod's own
 * status.
 */
final class InstanceLogs implements PodLogs {

    @Override
    public String read(ObjectNode pod, String container) {
        JsonNode status = statusOf(pod, container);
        var lines = new ArrayList<String>();
        for (JsonNode state : List.of(status.path("state"), status.path("lastState"))) {
            String started = state.path("running").path("startedAt").asText();
            if (started.isEmpty()) {
                started = state.path("terminated").path("startedAt").asText();
            }
            if (!started.isEmpty()) {
                lines.add("%s simulated container %s (%s) started: instance %s on node %s; nothing really runs in it"
                        .formatted(
                                started,
                                container,
                                status.path("image").asText(),
                                pod.path("metadata")
                                        .path("annotations")
                                        .path(Names.INSTANCE_ID)
                                        .asText(),
                                pod.path("spec").path("nodeName").asText()));
            }
            JsonNode end = state.path("terminated");
            if (end.isObject()) {
                lines.add("%s simulated container %s ended with exit code %d"
                        .formatted(
                                end.path("finishedAt").asText(),
                                container,
                                end.path("exitCode").asInt()));
            }
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static JsonNode statusOf(ObjectNode pod, String container) {
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode status : pod.path("status").path(list)) {
                if (status.path("name").asText().equals(container)) {
                    return status;
                }
            }
        }
        return pod.path("status").path("none");
    }
}
