package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** JSON written in one expression, with its members in the order in which they stand. */
final class Tree {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Tree() {}

    /** An object: key, value, key, value. Values are JSON, strings, numbers, booleans or lists of these. */
    static ObjectNode of(Object... keysAndValues) {
        var object = JSON.objectNode();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.set((String) keysAndValues[i], json(keysAndValues[i + 1]));
        }
        return object;
    }

    static ArrayNode array(Object... values) {
        return (ArrayNode) json(List.of(values));
    }

    private static JsonNode json(Object value) {
        return switch (value) {
            case JsonNode node -> node;
            case String text -> JSON.textNode(text);
            case Integer number -> JSON.numberNode(number);
            case Boolean truth -> JSON.booleanNode(truth);
            case List<?> list -> {
                var array = JSON.arrayNode();
                list.forEach(each -> array.add(json(each)));
                yield array;
            }
            default -> throw new IllegalArgumentException("no JSON: " + value);
        };
    }
}
