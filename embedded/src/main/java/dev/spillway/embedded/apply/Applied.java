package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The paths that a value has, and what keeps it from being of its type.
 *
 * <p>Rules: structured-merge-diff {@code typed/tofieldset.go} and {@code typed/validate.go}.
 */
final class Applied {

    private Applied() {}

    /** Every leaf of a value, and every element of a keyed list. */
    static FieldSet paths(JsonNode value, FieldType declared) {
        return switch (declared.of(value, null)) {
            case FieldType.Fields fields -> value instanceof ObjectNode object ? fields(object, fields) : none(value);
            case FieldType.Elements elements ->
                value instanceof ArrayNode array ? elements(array, elements) : none(value);
            default -> FieldSet.SELF;
        };
    }

    private static FieldSet none(JsonNode value) {
        return value.isNull() ? FieldSet.NONE : FieldSet.SELF;
    }

    private static FieldSet fields(ObjectNode object, FieldType.Fields type) {
        SortedMap<PathElement, FieldSet> below = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            PathElement element = new PathElement.Field(field.getKey());
            FieldSet set = paths(value, type.at(element));
            boolean empty = value.isNull() || (value.isObject() && value.isEmpty());
            boolean isEntry = !type.declares(field.getKey());
            below.put(element, empty || isEntry ? set.union(FieldSet.SELF) : set);
        }
        return FieldSet.of(false, below);
    }

    private static FieldSet elements(ArrayNode array, FieldType.Elements type) {
        SortedMap<PathElement, FieldSet> below = new TreeMap<>();
        Indexed indexed = Indexed.of(array, type);
        for (int i = 0; i < array.size(); i++) {
            FieldSet set = paths(array.get(i), type.type()).union(FieldSet.SELF);
            below.merge(indexed.order().get(i), set, FieldSet::union);
        }
        return FieldSet.of(false, below);
    }

    /** Adds what is wrong with a value, such as {@code .spec.colour: field not declared in schema}. */
    static void check(JsonNode value, FieldType declared, String path, List<String> wrong) {
        switch (declared.of(value, null)) {
            case FieldType.Fields fields
            when value instanceof ObjectNode object -> checkFields(object, fields, path, wrong);
            case FieldType.Elements elements
            when value instanceof ArrayNode array -> checkElements(array, elements, path, wrong);
            default -> {}
        }
    }

    private static void checkFields(ObjectNode object, FieldType.Fields type, String path, List<String> wrong) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String place = path + "." + field.getKey();
            FieldType declared = type.find(field.getKey());
            if (declared == null) {
                // The first one ends the search in this object.
                wrong.add(place + ": field not declared in schema");
                return;
            }
            check(field.getValue(), declared, place, wrong);
        }
    }

    private static void checkElements(ArrayNode array, FieldType.Elements type, String path, List<String> wrong) {
        Indexed indexed = Indexed.of(array, type);
        for (int i = 0; i < array.size(); i++) {
            PathElement element = indexed.order().get(i);
            if (element instanceof PathElement.Key(SortedMap<String, JsonNode> values)) {
                for (String key : type.keys()) {
                    if (!values.containsKey(key)) {
                        wrong.add(("%s: element %d: associative list with keys has an element that omits key field %s"
                                        + " (and doesn't have default value)")
                                .formatted(path, i, TextNode.valueOf(key)));
                    }
                }
            }
            if (indexed.all(element).size() > 1 && indexed.order().indexOf(element) < i) {
                wrong.add("%s: duplicate entries for key %s".formatted(path, element.shown()));
            }
            check(array.get(i), type.type(), path + element.shown(), wrong);
        }
    }
}
