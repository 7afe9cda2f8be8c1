package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Values as rules see them. The value fits its schema: structural validation went before.
 *
 * <p>Rules: apiserver {@code pkg/cel/common/valuesunstructured.go}. Lists of type set and map are compared in their order here, which the
 * API server does without.
 */
final class CelValues {

    private CelValues() {}

    static Object of(JsonNode value, Structural schema, boolean isResource) {
        return switch (value) {
            case ObjectNode object -> object(object, schema, isResource);
            case ArrayNode array -> {
                List<Object> elements = new ArrayList<>(array.size());
                Structural items = schema.items();
                if (items != null) {
                    array.forEach(element -> elements.add(of(element, items, items.isEmbeddedResource())));
                }
                yield elements;
            }
            default -> scalar(value, schema);
        };
    }

    private static Object object(ObjectNode object, Structural schema, boolean isResource) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Structural values = schema.additionalProperties();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            Structural property = schema.properties().get(field.getKey());
            String name = CelTypes.escape(field.getKey());
            if (property != null && name != null) {
                fields.put(name, of(field.getValue(), property, property.isEmbeddedResource()));
            } else if (property == null && values != null) {
                fields.put(field.getKey(), of(field.getValue(), values, values.isEmbeddedResource()));
            }
        }
        if (isResource) {
            fields.put("kind", object.path("kind").asText());
            fields.put("apiVersion", object.path("apiVersion").asText());
            Map<String, Object> metadata = new LinkedHashMap<>();
            for (String name : List.of("name", "generateName")) {
                if (object.path("metadata").has(name)) {
                    metadata.put(name, object.path("metadata").path(name).asText());
                }
            }
            fields.put("metadata", metadata);
        }
        return fields;
    }

    private static Object scalar(JsonNode value, Structural schema) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> {
                boolean asDouble = schema.type().equals("number")
                        || (!schema.type().equals("integer") && !value.isIntegralNumber());
                // Not one conditional expression: it would make every number a double.
                if (asDouble) {
                    yield value.doubleValue();
                }
                yield value.longValue();
            }
            case STRING -> text(value.textValue(), schema);
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Object text(String text, Structural schema) {
        String format =
                schema.isIntOrString() ? "" : schema.source().path("format").asText("");
        return switch (format) {
            case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
            case "duration" -> Objects.requireNonNullElse(Formats.goDuration(text), Duration.ZERO);
            case "date" -> LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            case "date-time" -> instant(text);
            default -> text;
        };
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
    }
}
