package dev.spillway.embedded.structure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads shapes from schemas. Not thread-safe. */
final class Shapes {

    private static final String REFERENCE = "#/components/schemas/";

    private final Map<String, Shape.Struct> structs = new HashMap<>();
    private final JsonNode goTypes = Documents.goTypes();

    /** A schema is the same in each document that has it; the documents behind the first that does need not be read. */
    private static @Nullable JsonNode schema(String name) {
        for (String place : Documents.PLACES) {
            JsonNode schema = Documents.schemas(place).get(name);
            if (schema != null) {
                return schema;
            }
        }
        return Documents.furtherSchemas().get(name);
    }

    /** The struct of a schema, or null where there is none of the name. */
    Shape.@Nullable Struct struct(String name) {
        Shape.Struct known = structs.get(name);
        JsonNode schema = known == null ? schema(name) : null;
        if (schema == null) {
            return known;
        }
        Map<String, Shape.Field> fields = new LinkedHashMap<>();
        Shape.Struct struct = new Shape.Struct(lastPart(name), fields);
        structs.put(name, struct);
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String field = property.getKey();
            JsonNode recorded = goTypes.path(name).path(field);
            String goType = recorded.path("type").asText(goType(property.getValue()));
            String embedded = recorded.path("in").asText("");
            String way = embedded.isEmpty() ? field : embedded + "." + field;
            fields.put(field, new Shape.Field(way, goType, shape(property.getValue(), goType)));
        }
        return struct;
    }

    private Shape shape(JsonNode schema, String goType) {
        String name = referred(schema);
        if (name != null) {
            OwnFormat own = OwnFormat.of(name);
            return own != null ? new Shape.Own(own) : referredShape(name);
        }
        return switch (schema.path("type").asText()) {
            case "array" -> {
                JsonNode items = schema.path("items");
                String element = goType.startsWith("[]") ? goType.substring("[]".length()) : goType(items);
                yield new Shape.Items(element, shape(items, element));
            }
            case "object" -> {
                JsonNode values = schema.path("additionalProperties");
                String value =
                        goType.startsWith("map[string]") ? goType.substring("map[string]".length()) : goType(values);
                yield values.isObject() ? new Shape.Entries(value, shape(values, value)) : new Shape.Free();
            }
            case "string" -> schema.path("format").asText().equals("byte") ? new Shape.Bytes() : new Shape.Text();
            case "integer" ->
                new Shape.Whole(schema.path("format").asText().equals("int32") ? Integer.SIZE : Long.SIZE);
            case "number" -> new Shape.Real();
            case "boolean" -> new Shape.Truth();
            default -> new Shape.Free();
        };
    }

    private Shape referredShape(String name) {
        JsonNode schema = schema(name);
        Shape.Struct struct = schema != null && schema.has("properties") ? struct(name) : null;
        return struct == null ? new Shape.Free() : struct;
    }

    /** The Go type that a schema stands for, most of the time. */
    static String goType(JsonNode schema) {
        String name = referred(schema);
        if (name != null) {
            int last = name.lastIndexOf('.');
            return name.substring(name.lastIndexOf('.', last - 1) + 1);
        }
        return switch (schema.path("type").asText()) {
            case "array" -> "[]" + goType(schema.path("items"));
            case "object" -> "map[string]" + goType(schema.path("additionalProperties"));
            case "string" -> schema.path("format").asText().equals("byte") ? "[]uint8" : "string";
            case "integer" -> schema.path("format").asText("int64");
            case "number" -> "float64";
            case "boolean" -> "bool";
            default -> "interface {}";
        };
    }

    private static @Nullable String referred(JsonNode schema) {
        JsonNode reference = schema.has("$ref")
                ? schema.get("$ref")
                : schema.path("allOf").path(0).get("$ref");
        return reference == null ? null : reference.asText().replace(REFERENCE, "");
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
