package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.embedded.api.Causes.Cause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges a value by everything in a schema but its rules in CEL.
 *
 * <p>Rules and texts: kube-openapi {@code pkg/validation/validate} and {@code errors}, turned into causes as
 * apiextensions-apiserver {@code pkg/apiserver/validation/validation.go} does. Their oddities are kept: a path in a text
 * begins at the schema's root, in a cause at the object's; an error about a whole alternative is about no field.
 */
final class StructuralValidation {

    private final String base;

    /**
     * Judges with the schema of a part of an object.
     *
     * @param base the part, such as {@code status}; empty for the object as a whole
     */
    StructuralValidation(String base) {
        this.base = base;
    }

    /**
     * Judges the value at the root of the schema.
     *
     * @param correlation the value beside the one it takes the place of; null on creation
     */
    List<Cause> judge(Structural schema, JsonNode value, @Nullable Correlation correlation) {
        return judgeChange(schema, "", value, correlation).wrong();
    }

    private Outcome judgeChange(Structural schema, String path, JsonNode value, @Nullable Correlation correlation) {
        Outcome outcome = judge(schema, path, value, correlation);
        return outcome.isGood() || correlation == null || !correlation.isUnchanged() ? outcome : new Outcome();
    }

    private Outcome judge(Structural schema, String path, JsonNode value, @Nullable Correlation correlation) {
        Outcome outcome = new Outcome();
        checkType(schema, path, value, outcome);
        if (value.isNull()) {
            checkEnum(schema, path, value, outcome);
            return outcome;
        }
        new Alternatives(base, (one, here) -> judge(one, path, here, correlation))
                .check(schema.junctions(), path, value, outcome);
        outcome.count();
        switch (value.getNodeType()) {
            case STRING -> {
                checkText(schema, path, value.textValue(), outcome);
                outcome.count();
                checkFormat(schema, path, value.textValue(), outcome);
            }
            case NUMBER -> {
                new Numbers(base).check(schema, path, value, outcome);
                outcome.count();
            }
            case ARRAY -> {
                checkArray(schema, path, (ArrayNode) value, correlation, outcome);
                outcome.count();
            }
            default -> {}
        }
        checkEnum(schema, path, value, outcome);
        outcome.count();
        if (value instanceof ObjectNode object) {
            checkObject(schema, path, object, correlation, outcome);
            outcome.count();
        }
        outcome.count();
        return outcome;
    }

    private void checkType(Structural schema, String path, JsonNode value, Outcome outcome) {
        List<String> types = schema.types();
        String format = schema.format();
        if (value.isNull()) {
            if (!types.isEmpty() && !schema.isNullable()) {
                wrongType(path, String.join(",", types), "null", outcome);
            }
            return;
        }
        if (types.isEmpty() && format.isEmpty()) {
            return;
        }
        String type = typeOf(value);
        boolean isText = value.isTextual() || value.isArray();
        boolean fits = types.contains(type)
                || (type.equals("number") && types.contains("integer") && isWhole(value.doubleValue()))
                || (type.equals("integer") && types.contains("number"));
        if (!isText && !format.isEmpty() && !fits) {
            wrongType(path, format, goFormat(value), outcome);
        } else if (isText && !format.isEmpty() && !types.contains("number") && !types.contains("integer")) {
            // A list passes where a text with a format is wanted: so it does on the API server.
            outcome.count();
        } else if (!fits) {
            wrongType(path, String.join(",", types), type, outcome);
        } else {
            outcome.count();
        }
    }

    private void wrongType(String path, String wanted, String found, Outcome outcome) {
        TextNode shown = TextNode.valueOf(found);
        String text = "%s in body must be of type %s: %s".formatted(path, wanted, GoText.quoted(found));
        outcome.add(FieldErrors.typeInvalid(field(base, path), shown, text));
    }

    private void checkText(Structural schema, String path, String text, Outcome outcome) {
        long length = text.codePointCount(0, text.length());
        JsonNode most = schema.number("maxLength");
        JsonNode least = schema.number("minLength");
        if (most != null && length > most.longValue()) {
            outcome.add(FieldErrors.tooLong(field(base, path), most.longValue()));
        } else if (least != null && length < least.longValue()) {
            String detail = "%s in body should be at least %d chars long".formatted(path, least.longValue());
            outcome.add(FieldErrors.invalid(field(base, path), text, detail));
        } else if (schema.pattern() != null && !schema.pattern().matcher(text).find()) {
            String detail = "%s in body should match '%s'"
                    .formatted(path, schema.pattern().pattern());
            outcome.add(FieldErrors.invalid(field(base, path), text, detail));
        }
    }

    private void checkFormat(Structural schema, String path, String text, Outcome outcome) {
        String format = schema.format();
        if (format.isEmpty()) {
            return;
        }
        if (!Formats.accepts(format, text)) {
            String detail = "%s in body must be of type %s: %s".formatted(path, format, GoText.quoted(text));
            outcome.add(FieldErrors.typeInvalid(field(base, path), TextNode.valueOf(text), detail));
        }
        outcome.count();
    }

    private void checkEnum(Structural schema, String path, JsonNode value, Outcome outcome) {
        List<JsonNode> allowed = new ArrayList<>();
        schema.source().path("enum").forEach(allowed::add);
        if (!allowed.isEmpty() && allowed.stream().noneMatch(one -> sameValue(one, value))) {
            outcome.add(FieldErrors.notSupported(field(base, path), value, allowed));
        }
    }

    private void checkArray(
            Structural schema, String path, ArrayNode array, @Nullable Correlation correlation, Outcome outcome) {
        Structural items = schema.items();
        for (int i = 0; items != null && i < array.size(); i++) {
            Correlation child = correlation == null ? null : correlation.index(i);
            outcome.merge(judgeChange(items, "%s[%d]".formatted(path, i), array.get(i), child));
        }
        JsonNode least = schema.number("minItems");
        JsonNode most = schema.number("maxItems");
        if (least != null && array.size() < least.longValue()) {
            String detail = "%s in body should have at least %d items".formatted(path, least.longValue());
            outcome.add(FieldErrors.invalid(field(base, path), IntNode.valueOf(array.size()), detail));
        }
        if (most != null && array.size() > most.longValue()) {
            outcome.add(FieldErrors.tooMany(field(base, path), array.size(), most.longValue()));
        }
        if (schema.is("uniqueItems") && new HashSet<>(allOf(array)).size() < array.size()) {
            outcome.add(FieldErrors.invalid(field(base, path), "", path + " in body shouldn't contain duplicates"));
        }
    }

    private void checkObject(
            Structural schema, String path, ObjectNode object, @Nullable Correlation correlation, Outcome outcome) {
        JsonNode least = schema.number("minProperties");
        JsonNode most = schema.number("maxProperties");
        if (least != null && object.size() < least.longValue()) {
            String detail = "%s in body should have at least %d properties".formatted(path, least.longValue());
            outcome.add(FieldErrors.invalid(field(base, path), LongNode.valueOf(object.size()), detail));
        }
        if (most != null && object.size() > most.longValue()) {
            outcome.add(FieldErrors.tooMany(field(base, path), object.size(), most.longValue()));
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            Structural property = schema.properties().getOrDefault(name, schema.additionalProperties());
            if (property != null) {
                String where = path.isEmpty() && schema.properties().containsKey(name) ? name : path + "." + name;
                boolean typeMeta = path.isEmpty() && (name.equals("kind") || name.equals("apiVersion"));
                Correlation child = correlation == null || typeMeta ? null : correlation.key(name);
                outcome.merge(judgeChange(property, where, field.getValue(), child));
            }
        }
        for (String required : schema.required()) {
            if (!object.has(required)) {
                outcome.add(FieldErrors.required(field(base, path + "." + required), ""));
            }
        }
    }

    /** A path of the schema as the path of the object that a cause names. */
    static String field(String base, String path) {
        String rest = path.startsWith(".") ? path.substring(1) : path;
        if (rest.isEmpty()) {
            return base.isEmpty() ? FieldErrors.NO_FIELD : base;
        }
        return base.isEmpty() ? rest : base + "." + rest;
    }

    /** Whether a number has no fraction and is small enough for a double to tell it from its neighbours. */
    static boolean isWhole(double number) {
        return Math.abs(number) <= (1L << 53) && number == Math.rint(number);
    }

    private static boolean sameValue(JsonNode one, JsonNode other) {
        boolean numbers = one.isNumber() && other.isNumber();
        return numbers ? one.decimalValue().compareTo(other.decimalValue()) == 0 : one.equals(other);
    }

    private static List<JsonNode> allOf(ArrayNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements;
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case OBJECT -> "object";
            default -> value.isIntegralNumber() && value.canConvertToLong() ? "integer" : "number";
        };
    }

    /** What Go's decoder makes of a value, in the words of OpenAPI. */
    private static String goFormat(JsonNode value) {
        return switch (typeOf(value)) {
            case "integer" -> "int64";
            case "number" -> "float64";
            default -> "";
        };
    }
}
