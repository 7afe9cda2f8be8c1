package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.translate.Decoder;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What of a home pod its pod in the region was last given, as an annotation there says it. By it a later process knows that nothing is to be done,
 * and what the region has added itself is told from what has been taken away at home. Immutable; do not change the tree.
 *
 * @param generation of the home pod, as {@code metadata.generation} there; 0 where it has none, or not all of it was passed on
 * @param edits {@link #number} of the home pod; empty where not all of it was passed on
 * @param labels keys of those that came from home
 * @param annotations likewise
 * @param resources of the home pod, by name of container; the pod's own under the empty name; missing where nobody knows
 */
public record PassedOn(
        String edits, long generation, List<String> labels, List<String> annotations, JsonNode resources) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 256 * 1024; // of all annotations together, by Kubernetes' own limit
    private static final PassedOn NOTHING = new PassedOn("", 0, List.of(), List.of(), MissingNode.getInstance());

    public PassedOn {
        labels = List.copyOf(labels);
        annotations = List.copyOf(annotations);
    }

    /** Everything that a pod is made with. */
    static PassedOn all(JsonNode home, ObjectNode labels, ObjectNode annotations) {
        var spec = home.path("spec");
        // No pod is made with such containers: they are still to come.
        boolean isAll = spec.path(Trees.EPHEMERAL).isEmpty();
        var edits = isAll ? number(Decoder.edits(home)) : "";
        return new PassedOn(edits, isAll ? generation(home) : 0, keys(labels), keys(annotations), resources(spec));
    }

    private static long generation(JsonNode home) {
        return home.path("metadata").path("generation").asLong();
    }

    private static List<String> keys(ObjectNode pairs) {
        return pairs.properties().stream().map(pair -> pair.getKey()).sorted().toList();
    }

    private static JsonNode resources(JsonNode spec) {
        var resources = JsonNodeFactory.instance.objectNode();
        for (var container : Trees.containers(spec)) {
            if (!container.path("resources").isEmpty()) {
                resources.set(container.path("name").asText(), container.path("resources"));
            }
        }
        if (!spec.path("resources").isEmpty()) {
            resources.set("", spec.path("resources"));
        }
        return resources.deepCopy();
    }

    /** {@link dev.spillway.kube.translate.Decoded#edits} as it is written. */
    public static String number(long edits) {
        return "%016x".formatted(edits);
    }

    /** Reads it from a pod of the region; where it says nothing that can be read, nothing was passed on that is known of. */
    public static PassedOn read(JsonNode pod) {
        return ofMetadata(pod.path("metadata"));
    }

    static PassedOn ofMetadata(JsonNode metadata) {
        var text = metadata.path("annotations").path(Keys.PASSED_ON).asText();
        if (text.isEmpty() || text.length() > LONGEST) {
            return NOTHING;
        }
        try {
            var json = JSON.readTree(text);
            return new PassedOn(
                    json.path("edits").asText(),
                    json.path("generation").asLong(),
                    texts(json.path("labels")),
                    texts(json.path("annotations")),
                    json.path("resources"));
        } catch (JsonProcessingException e) {
            return NOTHING;
        }
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** As once everything of the home pod was passed on. */
    PassedOn withAllOf(JsonNode home) {
        return new PassedOn(number(Decoder.edits(home)), generation(home), labels, annotations, resources);
    }

    PassedOn withGeneration(long other) {
        return new PassedOn(edits, other, labels, annotations, resources);
    }

    PassedOn withResources(JsonNode others) {
        return new PassedOn(edits, generation, labels, annotations, others);
    }

    String text() {
        var json = JsonNodeFactory.instance.objectNode().put("edits", edits);
        if (generation > 0) {
            json.put("generation", generation);
        }
        labels.forEach(json.putArray("labels")::add);
        annotations.forEach(json.putArray("annotations")::add);
        if (resources.isObject()) {
            json.set("resources", resources);
        }
        return json.toString();
    }
}
