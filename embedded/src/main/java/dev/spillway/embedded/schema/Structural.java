package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One node of a structural schema, as the tree of the CRD gives it.
 *
 * @param source the node of the CRD; never changed
 * @param properties by name, in their order in the CRD
 * @param additionalProperties of every other field; null where the schema says nothing about them, or only true
 * @param items of every element; null where the schema says nothing about them
 * @param pattern what a text must contain a match of; null for anything
 * @param junctions the schemas of allOf, anyOf, oneOf and not
 * @param rules in CEL, in their order
 */
record Structural(
        JsonNode source,
        Map<String, Structural> properties,
        @Nullable Structural additionalProperties,
        @Nullable Structural items,
        @Nullable Pattern pattern,
        Junctions junctions,
        List<Rule> rules) {

    /** Schemas that only judge; an empty list or null where there are none. */
    record Junctions(
            List<Structural> allOf,
            List<Structural> anyOf,
            List<Structural> oneOf,
            @Nullable Structural not) {}

    /**
     * An entry of x-kubernetes-validations. Texts are empty where the CRD has none.
     *
     * @param rule a condition in CEL
     * @param message what is said where it does not hold
     * @param messageExpression CEL for the same; goes before the message
     * @param fieldPath below the node, such as {@code .type}
     * @param reason such as {@code FieldValueForbidden}
     * @param optionalOldSelf whether the rule is asked without an old value too
     */
    record Rule(
            String rule,
            String message,
            String messageExpression,
            String fieldPath,
            String reason,
            boolean optionalOldSelf) {

        /** How errors of its evaluation name it. */
        String shown() {
            return (message.isEmpty() ? rule : message).strip();
        }
    }

    /** The type; empty where there is none. */
    String type() {
        return text("type");
    }

    /** The types a value may have; none where any will do. */
    List<String> types() {
        if (isIntOrString()) {
            return List.of("integer", "string");
        }
        return type().isEmpty() ? List.of() : List.of(type());
    }

    /** The format, where the API server looks at it; else empty. */
    String format() {
        String format = text("format");
        return Formats.isChecked(isIntOrString() ? "" : type(), format) ? format : "";
    }

    boolean isNullable() {
        return is("nullable");
    }

    boolean isIntOrString() {
        return is("x-kubernetes-int-or-string");
    }

    boolean preservesUnknownFields() {
        return is("x-kubernetes-preserve-unknown-fields");
    }

    boolean isEmbeddedResource() {
        return is("x-kubernetes-embedded-resource");
    }

    /** Whether additionalProperties is true: any field, with any value. */
    boolean allowsAnyField() {
        return is("additionalProperties");
    }

    /** The type of a list: set, map, atomic, or empty. */
    String listType() {
        return text("x-kubernetes-list-type");
    }

    /** The fields by which elements of a list of type map are told apart. */
    List<String> listMapKeys() {
        return texts("x-kubernetes-list-map-keys");
    }

    List<String> required() {
        return texts("required");
    }

    /** The value of a field that is absent; null where there is none. */
    @Nullable
    JsonNode defaultValue() {
        return source.get("default");
    }

    /** A number of the schema, such as maxLength; null where there is none. */
    @Nullable
    JsonNode number(String keyword) {
        JsonNode value = source.get(keyword);
        return value == null || !value.isNumber() ? null : value;
    }

    boolean is(String keyword) {
        return source.path(keyword).asBoolean(false) && source.path(keyword).isBoolean();
    }

    private String text(String keyword) {
        return source.path(keyword).asText("");
    }

    private List<String> texts(String keyword) {
        List<String> texts = new ArrayList<>();
        source.path(keyword).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
