package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a list by what tells them apart.
 *
 * @param order of each element of the list, in the order of the list
 * @param elements those of the same key together; usually one
 */
record Indexed(List<PathElement> order, NavigableMap<PathElement, List<JsonNode>> elements) {

    static Indexed of(@Nullable JsonNode list, FieldType.Elements type) {
        List<PathElement> order = new ArrayList<>();
        NavigableMap<PathElement, List<JsonNode>> elements = new TreeMap<>();
        if (list instanceof ArrayNode array) {
            for (JsonNode element : array) {
                PathElement key = key(element, type);
                order.add(key);
                elements.computeIfAbsent(key, first -> new ArrayList<>()).add(element);
            }
        }
        return new Indexed(order, elements);
    }

    boolean has(PathElement key) {
        return elements.containsKey(key);
    }

    /** All elements of a key. */
    List<JsonNode> all(PathElement key) {
        return elements.getOrDefault(key, List.of());
    }

    /** The first element of a key; null where there is none. */
    @Nullable
    JsonNode first(PathElement key) {
        List<JsonNode> all = all(key);
        return all.isEmpty() ? null : all.getFirst();
    }

    private static PathElement key(JsonNode element, FieldType.Elements type) {
        if (type.keys().isEmpty() || !(element instanceof ObjectNode object)) {
            return new PathElement.Value(element);
        }
        SortedMap<String, JsonNode> values = new TreeMap<>();
        for (String key : type.keys()) {
            JsonNode value = object.get(key);
            if (value == null && type.type() instanceof FieldType.Fields fields) {
                value = fields.byDefault(key);
            }
            if (value != null) {
                values.put(key, value);
            }
        }
        return new PathElement.Key(values);
    }
}
