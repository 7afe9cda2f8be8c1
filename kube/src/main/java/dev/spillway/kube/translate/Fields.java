package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.core.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads fields of an object whose form is not guaranteed, and remembers the first that is not as it should be, in words
 * that name the field and say what to write. A field of a wrong form reads as if absent.
 */
final class Fields {
    private String problem = "";

    /** The first wrong field, empty where all was well. */
    String problem() {
        return problem;
    }

    /** Notes a wrong field. */
    void wrong(String path, JsonNode value, String instead) {
        if (problem.isEmpty()) {
            var text = value.isMissingNode() || value.isNull() ? "missing" : value.toString();
            problem = "%s is %s: %s.".formatted(path, shortened(text), instead);
        }
    }

    String text(JsonNode object, String path, String field, String otherwise) {
        var value = object.path(field);
        if (isAbsent(value)) {
            return otherwise;
        }
        if (!value.isTextual()) {
            wrong(path + "." + field, value, "write a text in quotes");
            return otherwise;
        }
        return value.asText();
    }

    boolean flag(JsonNode object, String path, String field, boolean otherwise) {
        var value = object.path(field);
        if (isAbsent(value)) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            wrong(path + "." + field, value, "write true or false");
            return otherwise;
        }
        return value.asBoolean();
    }

    /** A whole number from {@code least} to {@code most}; {@code otherwise} where there is none. */
    int number(JsonNode object, String path, String field, int otherwise, int least, int most) {
        var value = object.path(field);
        if (isAbsent(value)) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least || value.asInt() > most) {
            wrong(path + "." + field, value, "write a whole number from %d to %d".formatted(least, most));
            return otherwise;
        }
        return value.asInt();
    }

    /** The entries of a list; none where there is no list. */
    Iterable<JsonNode> list(JsonNode object, String path, String field) {
        var value = object.path(field);
        if (!isAbsent(value) && !value.isArray()) {
            wrong(path + "." + field, value, "write a list");
            return List.of();
        }
        return value;
    }

    /** An object; an empty one where there is none. */
    JsonNode object(JsonNode object, String path, String field) {
        var value = object.path(field);
        if (!isAbsent(value) && !value.isObject()) {
            wrong(path + "." + field, value, "write pairs of key and value");
        }
        return value.isObject() ? value : MissingNode.getInstance();
    }

    List<String> texts(JsonNode object, String path, String field) {
        var texts = new ArrayList<String>();
        int index = 0;
        for (var value : list(object, path, field)) {
            if (value.isTextual()) {
                texts.add(value.asText());
            } else {
                wrong("%s.%s[%d]".formatted(path, field, index), value, "write a text in quotes");
            }
            index++;
        }
        return texts;
    }

    /** Pairs of texts; a value of another form is left out and noted. */
    Labels pairs(JsonNode object, String path, String field) {
        var value = object.path(field);
        if (isAbsent(value)) {
            return Labels.empty();
        }
        if (!value.isObject()) {
            wrong(path + "." + field, value, "write pairs of key and text");
            return Labels.empty();
        }
        for (var pair : value.properties()) {
            if (!pair.getValue().isTextual()) {
                wrong(path + "." + field + "[" + pair.getKey() + "]", pair.getValue(), "write a text in quotes");
            }
        }
        return pairs(value);
    }

    /** The pairs whose value is a text. */
    static Labels pairs(JsonNode object) {
        var map = new TreeMap<String, String>();
        for (Map.Entry<String, JsonNode> pair : object.properties()) {
            if (pair.getValue().isTextual()) {
                map.put(pair.getKey().intern(), pair.getValue().asText().intern());
            }
        }
        return Labels.of(map);
    }

    static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
