package dev.spillway.trials.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.embedded.http.PodLogs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the containers of simulated instances say: that nothing runs in them, where they are, and what became of them, by the pod's own
 * status.
 */
final class InstanceLogs implements PodLogs {

    @Override
    public List<Line> lines(ObjectNode pod, String container) {
        JsonNode status = statusOf(pod, container);
        var lines = new ArrayList<Line>();
        for (JsonNode state : List.of(status.path("lastState"), status.path("state"))) {
            JsonNode end = state.path("terminated");
            String started = state.path("running")
                    .path("startedAt")
                    .asText(end.path("startedAt").asText());
            if (!started.isEmpty()) {
                lines.add(line(
                        started,
                        "simulated container %s (%s) started: instance %s on node %s; nothing really runs in it"
                                .formatted(
                                        container,
                                        status.path("image").asText(),
                                        pod.path("metadata")
                                                .path("annotations")
                                                .path(Names.INSTANCE_ID)
                                                .asText(),
                                        pod.path("spec").path("nodeName").asText())));
            }
            String ended = end.path("finishedAt").asText();
            if (!ended.isEmpty()) {
                lines.add(line(
                        ended,
                        "simulated container %s ended with exit code %d"
                                .formatted(container, end.path("exitCode").asInt())));
            }
        }
        return lines;
    }

    private static Line line(String time, String text) {
        return new Line(Instant.parse(time), time + " " + text);
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
