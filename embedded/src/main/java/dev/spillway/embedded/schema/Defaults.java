package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills in the defaults of a schema, also below defaults.
 *
 * <p>Rules: apiextensions-apiserver {@code pkg/apiserver/schema/defaulting/algorithm.go}. A null where the schema does not
 * allow one counts as absent.
 */
final class Defaults {

    private Defaults() {}

    /** The object with its defaults; the argument is not changed. */
    static ObjectNode fill(ObjectNode object, Structural schema) {
        ObjectNode result = Trees.object();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            Structural property = schema.properties().getOrDefault(field.getKey(), schema.additionalProperties());
            JsonNode value = orDefault(field.getValue(), property);
            if (value != null) {
                result.set(field.getKey(), any(value, property));
            }
        }
        for (Map.Entry<String, Structural> property : schema.properties().entrySet()) {
            JsonNode value = property.getValue().defaultValue();
            if (value != null && !result.has(property.getKey())) {
                result.set(property.getKey(), any(value.deepCopy(), property.getValue()));
            }
        }
        return result;
    }

    private static JsonNode any(JsonNode value, @Nullable Structural schema) {
        if (schema == null) {
            return value;
        }
        return switch (value) {
            case ObjectNode object -> fill(object, schema);
            case ArrayNode array -> {
                ArrayNode result = Trees.array();
                for (JsonNode element : array) {
                    JsonNode filled = orDefault(element, schema.items());
                    result.add(filled == null ? element : any(filled, schema.items()));
                }
                yield result;
            }
            default -> value;
        };
    }

    private static @Nullable JsonNode orDefault(JsonNode value, @Nullable Structural schema) {
        if (!value.isNull() || schema == null || schema.isNullable()) {
            return value;
        }
        JsonNode defaultValue = schema.defaultValue();
        return defaultValue == null ? null : defaultValue.deepCopy();
    }
}
