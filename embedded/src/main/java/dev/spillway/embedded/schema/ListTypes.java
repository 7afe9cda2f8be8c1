package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes.Cause;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * That lists of type set have no element twice, and those of type map no key.
 *
 * <p>Rules: apiextensions-apiserver {@code pkg/apiserver/schema/listtype/validation.go}. What occurs three times is named once.
 */
final class ListTypes {

    private ListTypes() {}

    /** What is wrong with the lists of an object. */
    static List<Cause> check(ObjectNode object, Structural schema) {
        List<Cause> wrong = new ArrayList<>();
        inObject(object, schema, "", wrong);
        return wrong;
    }

    private static void inAny(JsonNode value, Structural schema, String path, List<Cause> wrong) {
        switch (value) {
            case ObjectNode object -> inObject(object, schema, path, wrong);
            case ArrayNode array -> inArray(array, schema, path, wrong);
            default -> {}
        }
    }

    private static void inObject(ObjectNode object, Structural schema, String path, List<Cause> wrong) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            Structural property = schema.properties().get(name);
            Structural additional = schema.additionalProperties();
            if (property != null) {
                inAny(field.getValue(), property, path.isEmpty() ? name : path + "." + name, wrong);
            } else if (additional != null) {
                inAny(field.getValue(), additional, path + "[" + name + "]", wrong);
            }
        }
    }

    private static void inArray(ArrayNode array, Structural schema, String path, List<Cause> wrong) {
        switch (schema.listType()) {
            case "set" -> duplicates(array, path, wrong);
            case "map" -> {
                ArrayNode keys = keys(array, schema.listMapKeys(), path, wrong);
                duplicates(keys, path, wrong);
            }
            default -> {}
        }
        Structural items = schema.items();
        for (int i = 0; items != null && i < array.size(); i++) {
            inAny(array.get(i), items, path + "[" + i + "]", wrong);
        }
    }

    private static void duplicates(ArrayNode array, String path, List<Cause> wrong) {
        Map<JsonNode, Integer> times = new HashMap<>();
        for (int i = 0; i < array.size(); i++) {
            if (times.merge(array.get(i), 1, Integer::sum) == 2) {
                wrong.add(FieldErrors.duplicate(path + "[" + i + "]", array.get(i)));
            }
        }
    }

    /** The keys of each element as an object; none at all where an element is no object, which is said instead. */
    private static ArrayNode keys(ArrayNode array, List<String> names, String path, List<Cause> wrong) {
        ArrayNode keys = Trees.array();
        for (int i = 0; i < array.size(); i++) {
            JsonNode element = array.get(i);
            if (!element.isObject() && !element.isNull()) {
                wrong.add(FieldErrors.invalid(
                        path + "[" + i + "]", element, "must be an object for an array of list-type map"));
                return Trees.array();
            }
            ObjectNode key = keys.addObject();
            names.forEach(name -> Trees.put(key, name, element.get(name)));
        }
        return keys;
    }
}
