package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A namespace in which something is asked of the controllers, and what they have made of it by then.
 *
 * <p>Steps: {@code do} with {@code path} and {@code body} (a request), {@code report} (a phase that the first {@code pods} pods
 * that have none, by name, are said to be in; their container runs or has ended accordingly, after {@code restarts}), {@code bind} (a node for those that
 * have none), {@code end} (deleted pods go at last), {@code wait} (seconds), {@code facts} (as recorded).
 */
final class Story {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode content;
    private final String namespace;
    private final Stage stage;

    Story(Path file, String namespace, Stage stage) {
        this.namespace = namespace;
        this.stage = stage;
        try {
            this.content = JSON.readTree(Files.readString(file));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** What happens when the facts of a step are known; gets the step and the facts. */
    interface Witness {
        void compare(ObjectNode step, ObjectNode facts);
    }

    /** Plays it to its end; the answer is the story as it was read, with what the witness has changed. */
    JsonNode play(Witness witness) {
        for (JsonNode node : content.path("steps")) {
            ObjectNode step = (ObjectNode) node;
            if (step.has("do")) {
                ObjectNode body = step.get("body") instanceof ObjectNode given ? given : null;
                stage.call(step.path("do").asText(), step.path("path").asText().replace("NS", namespace), body);
            } else if (step.has("report")) {
                report(
                        step.path("report").asText(),
                        step.path("pods").asInt(),
                        step.path("restarts").asInt());
            } else if (step.has("bind")) {
                bind(step.path("bind").asText());
            } else if (step.has("end")) {
                end();
            } else if (step.has("wait")) {
                stage.pass(step.path("wait").asInt());
            } else {
                witness.compare(step, new Facts(stage, namespace).collect());
            }
        }
        return content;
    }

    private void report(String phase, int count, int restarts) {
        String time = stage.now().truncatedTo(ChronoUnit.SECONDS).toString();
        List<JsonNode> open = new ArrayList<>();
        for (JsonNode pod : pods()) {
            String now = pod.at("/status/phase").asText();
            if (now.equals("Pending") || (now.equals("Running") && !phase.equals("Running"))) {
                open.add(pod);
            }
        }
        for (JsonNode pod : open.subList(0, count)) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ObjectNode status = body.putObject("status").put("phase", phase);
            status.putArray("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", phase.equals("Running") ? "True" : "False")
                    .put("lastTransitionTime", time);
            ObjectNode container = status.putArray("containerStatuses").addObject();
            container.put("name", "c").put("image", "i").put("imageID", "").put("restartCount", restarts);
            container.put("ready", phase.equals("Running"));
            if (phase.equals("Running")) {
                container.putObject("state").putObject("running").put("startedAt", time);
            } else {
                container
                        .putObject("state")
                        .putObject("terminated")
                        .put("exitCode", phase.equals("Failed") ? 1 : 0)
                        .put("startedAt", time)
                        .put("finishedAt", time);
            }
            stage.call("PATCH", path(pod) + "/status", body);
        }
    }

    private void bind(String node) {
        for (JsonNode pod : pods()) {
            if (pod.at("/spec/nodeName").isMissingNode()) {
                ObjectNode binding = JsonNodeFactory.instance.objectNode();
                binding.putObject("metadata")
                        .put("name", pod.at("/metadata/name").asText());
                binding.putObject("target").put("kind", "Node").put("name", node);
                stage.call("POST", path(pod) + "/binding", binding);
            }
        }
    }

    private void end() {
        for (JsonNode pod : pods()) {
            if (pod.at("/metadata").has("deletionTimestamp")) {
                stage.call(
                        "DELETE",
                        path(pod),
                        JsonNodeFactory.instance.objectNode().put("gracePeriodSeconds", 0));
            }
        }
    }

    private List<JsonNode> pods() {
        ArrayNode items = (ArrayNode) stage.call("GET", "/api/v1/namespaces/" + namespace + "/pods", null)
                .get("items");
        return items.valueStream()
                .sorted(Comparator.comparing(pod -> pod.at("/metadata/name").asText()))
                .toList();
    }

    private String path(JsonNode pod) {
        return "/api/v1/namespaces/" + namespace + "/pods/"
                + pod.at("/metadata/name").asText();
    }
}
