package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Keeps what a pod's status tells of its containers where a final status knows less: when they started, their ids, how they ended. */
final class KnownContainers {
    private KnownContainers() {}

    static void keep(JsonNode before, ObjectNode desired) {
        for (var field : List.of("initContainerStatuses", "containerStatuses")) {
            for (var container : desired.path(field)) {
                if (container instanceof ObjectNode json) {
                    keepFrom(before.path(field), json);
                }
            }
        }
    }

    private static void keepFrom(JsonNode before, ObjectNode desired) {
        for (var known : before) {
            boolean isSame =
                    known.path("name").asText().equals(desired.path("name").asText());
            if (isSame && known.path("containerID").isTextual()) {
                keepOne(known, desired);
            }
        }
    }

    private static void keepOne(JsonNode known, ObjectNode desired) {
        for (var field : List.of("containerID", "imageID", "restartCount")) {
            desired.set(field, known.path(field));
        }
        var state = known.path("state");
        if (state.has("terminated")) {
            desired.set("state", state);
        } else if (desired.path("state").path("terminated") instanceof ObjectNode terminated) {
            var startedAt = state.path("running").path("startedAt");
            terminated.set("containerID", known.path("containerID"));
            if (startedAt.isTextual()) {
                terminated.set("startedAt", startedAt);
            }
        }
    }
}
