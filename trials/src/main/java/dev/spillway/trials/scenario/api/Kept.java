package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values remembered by name; {@code $name} in a later text stands for one. Not thread-safe. */
final class Kept {
    /** The scenario's own namespace. */
    static final String NAMESPACE = "namespace";

    private static final Pattern NAME = Pattern.compile("\\$([a-z][A-Za-z0-9]*)");

    private final Map<String, String> values = new TreeMap<>();

    Kept(String namespace) {
        values.put(NAMESPACE, namespace);
    }

    void put(String name, String value) {
        values.put(name, value);
    }

    /**
     * The text with values in the place of names.
     *
     * @throws IllegalArgumentException where nothing was remembered by a name; the message ends in no stop
     */
    String fill(String text) {
        return NAME.matcher(text).replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException("nothing is kept as '%s'; kept so far: %s"
                        .formatted(found.group(1), String.join(", ", values.keySet())));
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** The same for every text of a tree, its keys excepted. */
    JsonNode fill(JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> {
                ObjectNode filled = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(field -> filled.set(field.getKey(), fill(field.getValue())));
                yield filled;
            }
            case ArrayNode array -> {
                ArrayNode filled = JsonNodeFactory.instance.arrayNode();
                array.forEach(entry -> filled.add(fill(entry)));
                yield filled;
            }
            case TextNode text -> TextNode.valueOf(fill(text.textValue()));
            default -> tree;
        };
    }
}
