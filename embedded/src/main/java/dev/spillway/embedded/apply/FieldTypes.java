package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.structure.Documents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads how the fields of types are merged: of built-in types from the OpenAPI documents of a real server, of custom resources
 * from their schema. Not thread-safe.
 *
 * <p>Rules: kube-openapi {@code pkg/schemaconv/openapi.go}.
 */
public final class FieldTypes {

    private static final String REFERENCE = "#/components/schemas/";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    /** The schemas of one document, and the types made of them. */
    private record Document(JsonNode schemas, Map<String, FieldType> made) {}

    private final Map<String, Document> documents = new LinkedHashMap<>();

    /**
     * The type of a built-in type's objects.
     *
     * @throws IllegalArgumentException where there is no document of it
     */
    public FieldType builtIn(ResourceType type) {
        Document document = document((type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion());
        for (Map.Entry<String, JsonNode> schema : document.schemas().properties()) {
            for (JsonNode kind : schema.getValue().path("x-kubernetes-group-version-kind")) {
                if (kind.path("kind").asText().equals(type.kind())
                        && kind.path("group").asText().equals(type.group())) {
                    return named(schema.getKey(), document);
                }
            }
        }
        throw new IllegalArgumentException(
                "The OpenAPI documents know no %s. Record one that does.".formatted(type.kind()));
    }

    /**
     * The type of a custom resource's objects.
     *
     * @param schema the openAPIV3Schema of its definition; null where anything may be in its objects
     */
    public FieldType custom(@Nullable JsonNode schema) {
        FieldType.Fields fields = new FieldType.Fields(schema == null ? FieldType.DEDUCED : null);
        if (schema != null) {
            addFields(schema, fields, null);
        }
        fields.declare("apiVersion", FieldType.LEAF, null);
        fields.declare("kind", FieldType.LEAF, null);
        fields.declare("metadata", named(META, document("api/v1")), null);
        return fields;
    }

    private Document document(String place) {
        return documents.computeIfAbsent(
                place, missing -> new Document(Documents.schemas(missing), new LinkedHashMap<>()));
    }

    private static FieldType named(String name, Document document) {
        FieldType made = document.made().get(name);
        return made == null ? read(document.schemas().path(name), name, document) : made;
    }

    /**
     * Reads a schema.
     *
     * @param name under which others refer to it; null where none do
     * @param document null in a custom resource, where defaults are not what Go has in an empty field
     */
    private static FieldType read(JsonNode schema, @Nullable String name, @Nullable Document document) {
        JsonNode reference = schema.has("$ref") ? schema : schema.path("allOf").path(0);
        if (document != null && reference.has("$ref")) {
            FieldType named = named(reference.path("$ref").asText().substring(REFERENCE.length()), document);
            return isAtomic(schema) && named instanceof FieldType.Fields ? new FieldType.Atomic(named) : named;
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return FieldType.LEAF;
        }
        boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        boolean isObject = schema.path("type").asText().equals("object") || schema.has("properties");
        if (isObject
                && (schema.has("properties")
                        || schema.path("additionalProperties").isObject()
                        || open)) {
            FieldType.Fields fields = new FieldType.Fields(null);
            // Known before its fields are read, for it may contain itself.
            if (document != null && name != null) {
                document.made().put(name, fields);
            }
            addFields(schema, fields, document);
            if (!isAtomic(schema)) {
                return fields;
            }
            var atomic = new FieldType.Atomic(fields);
            if (document != null && name != null) {
                document.made().put(name, atomic);
            }
            return atomic;
        }
        if (schema.path("type").asText().equals("array")) {
            return list(schema, document);
        }
        return open ? FieldType.DEDUCED : scalar(schema.path("type").asText());
    }

    private static FieldType scalar(String type) {
        return switch (type) {
            case "string" -> FieldType.Scalar.TEXT;
            case "integer", "number" -> FieldType.Scalar.NUMBER;
            case "boolean" -> FieldType.Scalar.TRUTH;
            default -> FieldType.LEAF;
        };
    }

    private static void addFields(JsonNode schema, FieldType.Fields fields, @Nullable Document document) {
        List<String> required = texts(schema.path("required"));
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode value = property.getValue();
            JsonNode byDefault = value.get("default");
            boolean mustBe = required.contains(property.getKey()) && document != null;
            // Go has a null in a list or map that must be there and was not set.
            if (byDefault == null
                    && mustBe
                    && List.of("array", "object").contains(value.path("type").asText())) {
                byDefault = NullNode.getInstance();
            }
            fields.declare(property.getKey(), read(value, null, document), byDefault);
        }
        if (schema.path("additionalProperties").isObject()) {
            fields.others(read(schema.path("additionalProperties"), null, document));
        } else if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            fields.others(FieldType.DEDUCED);
        }
    }

    private static FieldType list(JsonNode schema, @Nullable Document document) {
        String kind = schema.path("x-kubernetes-list-type").asText();
        boolean merges = kind.isEmpty()
                && schema.path("x-kubernetes-patch-strategy").asText().startsWith("merge");
        if (!kind.equals("map") && !kind.equals("set") && !merges) {
            return new FieldType.Atomic(new FieldType.Elements(read(schema.path("items"), null, document), List.of()));
        }
        List<String> keys = new ArrayList<>();
        if (kind.equals("map")) {
            keys.addAll(texts(schema.path("x-kubernetes-list-map-keys")));
        } else if (merges && schema.has("x-kubernetes-patch-merge-key")) {
            keys.add(schema.path("x-kubernetes-patch-merge-key").asText());
        }
        return new FieldType.Elements(read(schema.path("items"), null, document), keys);
    }

    private static boolean isAtomic(JsonNode schema) {
        return schema.path("x-kubernetes-map-type").asText().equals("atomic");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
