package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.trials.scenario.file.Fields;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a file gives, by name: nothing can be done to anything else, and nothing can hold of it. Immutable. */
record GivenNames(List<String> regions, List<String> nodes, Map<String, ObjectNode> objects) {
    GivenNames {
        regions = List.copyOf(regions);
        nodes = List.copyOf(nodes);
        objects = new LinkedHashMap<>(objects); // in the order of the file, for messages
    }

    String region(Fields fields, String key, String name) {
        return known(fields, key, name, regions, "region");
    }

    String node(Fields fields, String key, String name) {
        return known(fields, key, name, nodes, "node");
    }

    String object(Fields fields, String key, String name) {
        return known(fields, key, name, objects.keySet(), "object");
    }

    /** A Pod's name in the file. */
    String pod(Fields fields, String key, String name) {
        object(fields, key, name);
        ObjectNode object = objects.get(name);
        if (object == null || !object.path("kind").asText().equals("Pod")) {
            throw fields.error(key, "object '%s' is no Pod.".formatted(name));
        }
        return name;
    }

    /** A name that an object of the kind has in the cluster. */
    String ofKind(Fields fields, String key, String name, String kind) {
        var names = new TreeSet<String>();
        for (ObjectNode object : objects.values()) {
            if (object.path("kind").asText().equals(kind)) {
                names.add(Snapshot.name(object));
            }
        }
        return known(fields, key, name, names, kind);
    }

    private static String known(Fields fields, String key, String name, Collection<String> names, String what) {
        if (!names.contains(name)) {
            throw fields.error(
                    key,
                    "the file has no %s '%s'; it has %s."
                            .formatted(what, name, names.isEmpty() ? "none" : String.join(", ", names)));
        }
        return name;
    }
}
