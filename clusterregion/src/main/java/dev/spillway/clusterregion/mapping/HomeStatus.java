package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.translate.StatusDigest;
import java.util.List;
import java.util.Map;

/**
 * A pod's status as the region has it, in terms of the home cluster. Only what a kubelet writes is taken, and only in the shape in which it writes
 * it: whatever else the region says cannot get into an object of the home cluster.
 */
final class HomeStatus {
    private static final int MOST_STATUSES = 256;
    private static final int MESSAGE = 4096; // a kubelet's own limit for what a container says of its end
    private static final String OBSERVED = "observedGeneration";
    private static final List<String> STATUS_LISTS =
            List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses");

    private final JsonNode status;
    private final Map<String, String> images;
    private final Observed observed;

    HomeStatus(JsonNode pod) {
        this.status = pod.path("status");
        this.images = Images.ofHomeAt(pod);
        this.observed = Observed.of(pod);
    }

    /**
     * Generations of the pod in the region in terms of those of the pod at home: a kubelet that has seen the newest of the region's pod has seen
     * what was last passed on. Of one that is behind nothing is said, so that what was said at home before stays.
     *
     * @param there of the region's pod now; 0 where that cluster does not count
     * @param home of the home pod when it was last passed on; 0 where nobody knows
     */
    private record Observed(long there, long home) {
        static Observed of(JsonNode pod) {
            return new Observed(
                    pod.path("metadata").path("generation").asLong(),
                    PassedOn.read(pod).generation());
        }

        void translate(JsonNode from, ObjectNode to) {
            if (there > 0 && home > 0 && from.path(OBSERVED).asLong() >= there) {
                to.put(OBSERVED, home);
            }
        }
    }

    ObjectNode build() {
        var json = JsonNodeFactory.instance.objectNode();
        observed.translate(status, json);
        text(status, json, "phase", 16);
        text(status, json, "reason", StatusMapping.WORD);
        text(status, json, "message", MESSAGE);
        addresses(json, "podIP", "podIPs");
        addresses(json, "hostIP", "hostIPs");
        time(status, json, "startTime");
        text(status, json, "qosClass", 16);
        objects(status, json, "allocatedResources", "resources");
        conditions(json);
        for (var list : STATUS_LISTS) {
            var statuses = JsonNodeFactory.instance.arrayNode();
            for (var container : Trees.objects(status.path(list))) {
                if (statuses.size() < MOST_STATUSES && isOfHome(list, container)) {
                    statuses.add(container(container));
                }
            }
            if (!statuses.isEmpty()) {
                json.set(list, statuses);
            }
        }
        return json;
    }

    /** A container that the region's own admission added is not the home pod's. */
    private boolean isOfHome(String list, JsonNode container) {
        return list.startsWith("ephemeral")
                || images.isEmpty()
                || images.containsKey(container.path("name").asText());
    }

    private void addresses(ObjectNode json, String one, String all) {
        var address = status.path(one).asText();
        if (StatusMapping.isAddress(address)) {
            json.put(one, address);
        }
        var addresses = JsonNodeFactory.instance.arrayNode();
        for (var entry : status.path(all)) {
            var ip = entry.path("ip").asText();
            if (StatusMapping.isAddress(ip) && addresses.size() < 2) {
                addresses.addObject().put("ip", ip);
            }
        }
        if (!addresses.isEmpty()) {
            json.set(all, addresses);
        }
    }

    private void conditions(ObjectNode json) {
        var conditions = JsonNodeFactory.instance.arrayNode();
        for (var condition : status.path("conditions")) {
            if (StatusDigest.CONDITIONS.contains(condition.path("type").asText())
                    && conditions.size() < StatusDigest.CONDITIONS.size()) {
                var copy = conditions.addObject();
                text(condition, copy, "type", StatusMapping.WORD);
                text(condition, copy, "status", 16);
                observed.translate(condition, copy);
                time(condition, copy, "lastTransitionTime");
                text(condition, copy, "reason", StatusMapping.WORD);
                text(condition, copy, "message", MESSAGE);
            }
        }
        if (!conditions.isEmpty()) {
            json.set("conditions", conditions);
        }
    }

    private ObjectNode container(JsonNode container) {
        var json = JsonNodeFactory.instance.objectNode();
        text(container, json, "name", StatusMapping.WORD);
        var image = images.get(container.path("name").asText());
        if (image == null) {
            text(container, json, "image", MESSAGE);
        } else {
            json.put("image", image);
        }
        text(container, json, "imageID", MESSAGE);
        text(container, json, "containerID", MESSAGE);
        flag(container, json, "ready");
        flag(container, json, "started");
        number(container, json, "restartCount");
        state(container, json, "state");
        state(container, json, "lastState");
        objects(container, json, "allocatedResources", "resources", "user");
        if (container.path("volumeMounts").isArray()) {
            json.set("volumeMounts", container.path("volumeMounts"));
        }
        return json;
    }

    private static void state(JsonNode container, ObjectNode json, String field) {
        var state = container.path(field);
        var copy = json.putObject(field);
        if (state.path("waiting").isObject()) {
            copyTexts(state.path("waiting"), copy.putObject("waiting"));
        } else if (state.path("running").isObject()) {
            time(state.path("running"), copy.putObject("running"), "startedAt");
        } else if (state.path("terminated").isObject()) {
            var from = state.path("terminated");
            var to = copy.putObject("terminated");
            number(from, to, "exitCode");
            number(from, to, "signal");
            copyTexts(from, to);
            time(from, to, "startedAt");
            time(from, to, "finishedAt");
            text(from, to, "containerID", MESSAGE);
        }
    }

    private static void copyTexts(JsonNode from, ObjectNode to) {
        text(from, to, "reason", StatusMapping.WORD);
        text(from, to, "message", MESSAGE);
    }

    private static void text(JsonNode from, ObjectNode to, String field, int most) {
        var text = from.path(field).textValue();
        if (text != null && !text.isEmpty()) {
            to.put(field, text.length() <= most ? text : text.substring(0, most));
        }
    }

    private static void time(JsonNode from, ObjectNode to, String field) {
        var time = StatusMapping.instant(from.path(field));
        if (time != null) {
            to.put(field, from.path(field).textValue());
        }
    }

    private static void objects(JsonNode from, ObjectNode to, String... fields) {
        for (var field : fields) {
            if (from.path(field).isObject()) {
                to.set(field, from.path(field));
            }
        }
    }

    private static void flag(JsonNode from, ObjectNode to, String field) {
        if (from.path(field).isBoolean()) {
            to.set(field, from.path(field));
        }
    }

    private static void number(JsonNode from, ObjectNode to, String field) {
        if (from.path(field).isInt()) {
            to.set(field, from.path(field));
        }
    }
}
