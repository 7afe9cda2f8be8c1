package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.spillway.embedded.schema.Structural.Junctions;
import dev.spillway.embedded.schema.Structural.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an openAPIV3Schema. What it cannot follow it refuses, rather than accept objects that a real server would not. */
final class SchemaReader {

    private static final List<String> FORBIDDEN =
            List.of("$ref", "definitions", "dependencies", "patternProperties", "additionalItems", "id", "$schema");

    private SchemaReader() {}

    /**
     * Reads the schema of a version.
     *
     * @throws IllegalArgumentException where the schema has something that a CRD may not have, or that is not followed here
     */
    static Structural read(JsonNode schema) {
        return read(schema, "openAPIV3Schema", true);
    }

    private static Structural read(JsonNode schema, String where, boolean mayHaveRules) {
        for (String keyword : FORBIDDEN) {
            if (schema.has(keyword)) {
                throw new IllegalArgumentException(
                        "The schema (%s) has %s, which no CRD may have. Remove it.".formatted(where, keyword));
            }
        }
        if (!mayHaveRules && schema.has("x-kubernetes-validations")) {
            throw new IllegalArgumentException(
                    ("The schema (%s) has x-kubernetes-validations within allOf, anyOf, oneOf or not, which the embedded"
                                    + " cluster does not follow. Move the rules to the schema around it.")
                            .formatted(where));
        }
        Map<String, Structural> properties = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String name = property.getKey();
            properties.put(name, read(property.getValue(), where + "." + name, mayHaveRules));
        }
        Structural structural = new Structural(
                schema,
                properties,
                child(schema, "additionalProperties", where, mayHaveRules),
                child(schema, "items", where, mayHaveRules),
                pattern(schema, where),
                new Junctions(
                        all(schema, "allOf", where),
                        all(schema, "anyOf", where),
                        all(schema, "oneOf", where),
                        child(schema, "not", where, false)),
                rules(schema));
        checkFormat(structural, where);
        return structural;
    }

    private static void checkFormat(Structural schema, String where) {
        try {
            schema.format();
        } catch (IllegalArgumentException notFollowed) {
            throw new IllegalArgumentException(
                    "The schema (%s): %s".formatted(where, notFollowed.getMessage()), notFollowed);
        }
    }

    private static @Nullable Structural child(JsonNode schema, String keyword, String where, boolean mayHaveRules) {
        JsonNode child = schema.get(keyword);
        return child == null || !child.isObject() ? null : read(child, where + "." + keyword, mayHaveRules);
    }

    private static List<Structural> all(JsonNode schema, String keyword, String where) {
        List<Structural> all = new ArrayList<>();
        schema.path(keyword).forEach(one -> all.add(read(one, where + "." + keyword, false)));
        return List.copyOf(all);
    }

    private static @Nullable Pattern pattern(JsonNode schema, String where) {
        String pattern = schema.path("pattern").asText("");
        try {
            return pattern.isEmpty() ? null : Pattern.compile(pattern);
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException(
                    "The schema (%s) has a pattern (%s) that is no RE2 expression: %s. Correct it."
                            .formatted(where, pattern, malformed.getDescription()),
                    malformed);
        }
    }

    private static List<Rule> rules(JsonNode schema) {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            rules.add(new Rule(
                    rule.path("rule").asText(""),
                    rule.path("message").asText(""),
                    rule.path("messageExpression").asText(""),
                    rule.path("fieldPath").asText(""),
                    rule.path("reason").asText(""),
                    rule.path("optionalOldSelf").asBoolean(false)));
        }
        return List.copyOf(rules);
    }
}
