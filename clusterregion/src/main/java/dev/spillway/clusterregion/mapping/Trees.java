package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Ways through the JSON of a pod. */
final class Trees {
    /** The lists of containers that a pod is made with. */
    static final List<String> CONTAINERS = List.of("initContainers", "containers");

    /** Those that are added to a running pod, for debugging. */
    static final String EPHEMERAL = "ephemeralContainers";

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private Trees() {}

    /** The objects in a list, empty where there is no list. */
    static List<ObjectNode> objects(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    /** All containers that a pod is made with, those that run first before the others. */
    static List<ObjectNode> containers(JsonNode spec) {
        var all = new ArrayList<ObjectNode>();
        CONTAINERS.forEach(list -> all.addAll(objects(spec.path(list))));
        return all;
    }

    /** The same, and those that were added later. */
    static List<ObjectNode> allContainers(JsonNode spec) {
        var all = new ArrayList<>(containers(spec));
        all.addAll(objects(spec.path(EPHEMERAL)));
        return all;
    }

    /** The container of that name in a list; missing where there is none. */
    static JsonNode named(JsonNode list, String name) {
        for (var container : list) {
            if (container.path("name").asText().equals(name)) {
                return container;
            }
        }
        return MissingNode.getInstance();
    }

    /** Takes out of a list what is meant, and the list itself where nothing is left of it. */
    static void removeFrom(ObjectNode owner, String field, Predicate<JsonNode> which) {
        if (owner.get(field) instanceof ArrayNode list) {
            for (int i = list.size() - 1; i >= 0; i--) {
                if (which.test(list.get(i))) {
                    list.remove(i);
                }
            }
            if (list.isEmpty()) {
                owner.remove(field);
            }
        }
    }

    /** A text of somebody else's, fit for a message: one line, not long. */
    static String shown(String text) {
        return shown(text, 100);
    }

    static String shown(String text, int most) {
        var line = CONTROL.matcher(text).replaceAll(" ");
        return line.length() <= most ? line : line.substring(0, most) + "...";
    }
}
