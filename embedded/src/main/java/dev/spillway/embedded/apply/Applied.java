package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.embedded.schema.GoText;
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
            case FieldType.Atomic _, FieldType.Scalar _, FieldType.Leaf _, FieldType.Deduced _ -> FieldSet.SELF;
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
        if (value.isNull()) {
            return; // judged when it is read
        }
        switch (declared.of(value, null)) {
            case FieldType.Fields fields
            when value instanceof ObjectNode object -> checkFields(object, fields, path, wrong);
            case FieldType.Fields fields ->
                wrong.add("%s: expected map, got &{%s}".formatted(path, GoText.plain(value)));
            case FieldType.Elements elements
            when value instanceof ArrayNode array -> checkElements(array, elements, path, wrong);
            case FieldType.Elements elements ->
                wrong.add("%s: expected list, got &{%s}".formatted(path, GoText.plain(value)));
            case FieldType.Atomic atomic -> checkAtomic(value, atomic.inside(), path, wrong);
            case FieldType.Scalar scalar -> checkScalar(value, scalar, path, wrong);
            case FieldType.Leaf _, FieldType.Deduced _ -> {}
        }
    }

    private static void checkAtomic(JsonNode value, FieldType inside, String path, List<String> wrong) {
        if (value instanceof ArrayNode array && inside instanceof FieldType.Elements elements) {
            for (int i = 0; i < array.size(); i++) {
                check(array.get(i), elements.type(), "%s[%d]".formatted(path, i), wrong);
            }
        } else {
            check(value, inside, path, wrong);
        }
    }

    private static void checkScalar(JsonNode value, FieldType.Scalar scalar, String path, List<String> wrong) {
        if (scalar == FieldType.Scalar.TEXT && !value.isTextual()) {
            wrong.add("%s: expected string, got &value.valueUnstructured{Value:%s}"
                    .formatted(path, GoText.literal(value)));
        } else if (scalar == FieldType.Scalar.NUMBER && !value.isNumber()) {
            wrong.add("%s: expected numeric (int or float), got %s".formatted(path, GoText.type(value)));
        } else if (scalar == FieldType.Scalar.TRUTH && !value.isBoolean()) {
            wrong.add("%s: expected boolean, got &{%s}".formatted(path, GoText.plain(value)));
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
            if (array.get(i).isNull() && !type.keys().isEmpty()) {
                wrong.add("%s: element %d: associative list with keys may not have a null element".formatted(path, i));
                continue;
            }
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
