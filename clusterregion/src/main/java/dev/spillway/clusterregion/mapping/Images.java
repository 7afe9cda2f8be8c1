package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.settings.RegistryRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Names of images: rewritten for the region, and as their users wrote them. */
final class Images {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 256 * 1024; // of all annotations together, by Kubernetes' own limit

    private final List<RegistryRule> rules;

    Images(List<RegistryRule> rules) {
        this.rules = rules;
    }

    /** Applies the rules to containers and to volumes that are images. */
    void rewrite(ObjectNode spec) {
        Trees.containers(spec).forEach(container -> rewrite(container, "image"));
        for (var volume : spec.path("volumes")) {
            if (volume.path("image") instanceof ObjectNode image) {
                rewrite(image, "reference");
            }
        }
    }

    private void rewrite(ObjectNode owner, String field) {
        var image = owner.path(field).asText();
        rules.stream()
                .map(rule -> rule.apply(image))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(mapped -> owner.put(field, mapped));
    }

    /** By name of container, ephemeral ones too, the image as it is written there; the text of an annotation. */
    static String ofHome(JsonNode spec) {
        var images = JsonNodeFactory.instance.objectNode();
        for (var container : Trees.allContainers(spec)) {
            images.put(container.path("name").asText(), container.path("image").asText());
        }
        return images.toString();
    }

    /** Reads it back from a pod of the region; what is no such text is empty. */
    static Map<String, String> ofHomeAt(JsonNode pod) {
        var images = new TreeMap<String, String>();
        var text = pod.path("metadata").path("annotations").path(Keys.IMAGES).asText();
        if (text.length() > LONGEST) {
            return images;
        }
        try {
            for (var image : JSON.readTree(text).properties()) {
                images.put(image.getKey(), image.getValue().asText());
            }
        } catch (JsonProcessingException e) {
            images.clear();
        }
        return images;
    }
}
