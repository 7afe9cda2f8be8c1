package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out the fields that a schema does not have.
 *
 * <p>Rules: apiextensions-apiserver {@code pkg/apiserver/schema/pruning/algorithm.go}, and {@code objectmeta/algorithm.go} for the
 * metadata of objects and of the resources embedded in them.
 */
final class Pruning {

    private static final Set<String> META_FIELDS = Set.of("apiVersion", "kind", "metadata");

    /** The fields of ObjectMeta: apimachinery {@code pkg/apis/meta/v1/types.go}. */
    private static final Set<String> METADATA = Set.of(
            "annotations",
            "creationTimestamp",
            "deletionGracePeriodSeconds",
            "deletionTimestamp",
            "finalizers",
            "generateName",
            "generation",
            "labels",
            "managedFields",
            "name",
            "namespace",
            "ownerReferences",
            "resourceVersion",
            "selfLink",
            "uid");

    private final Set<String> ofMetadata = new TreeSet<>();
    private final Set<String> unknown = new TreeSet<>();
    private final Set<String> ofEmbeddedMetadata = new TreeSet<>();

    /** The object without unknown fields. */
    ObjectNode prune(ObjectNode object, Structural root) {
        return object(object, root, "", true);
    }

    /** The paths of the fields left out so far, in the order in which the API server names them. */
    List<String> unknown() {
        List<String> paths = new ArrayList<>(ofMetadata);
        paths.addAll(unknown);
        paths.addAll(ofEmbeddedMetadata);
        return paths;
    }

    private JsonNode any(JsonNode value, @Nullable Structural schema, String path) {
        return switch (value) {
            case ObjectNode object -> object(object, schema, path, schema != null && schema.isEmbeddedResource());
            case ArrayNode array -> {
                ArrayNode result = Trees.array();
                Structural items = schema == null ? null : schema.items();
                boolean keeps = schema != null && schema.preservesUnknownFields();
                int index = 0;
                for (JsonNode element : array) {
                    String where = "%s[%d]".formatted(path, index++);
                    result.add(keeps && items == null ? element : any(element, items, where));
                }
                yield result;
            }
            default -> value;
        };
    }

    private ObjectNode metadata(ObjectNode metadata, String path) {
        ObjectNode result = Trees.object();
        for (Map.Entry<String, JsonNode> field : metadata.properties()) {
            if (METADATA.contains(field.getKey())) {
                result.set(field.getKey(), field.getValue());
            } else {
                Set<String> place = path.equals("metadata") ? ofMetadata : ofEmbeddedMetadata;
                place.add(path + "." + field.getKey());
            }
        }
        return result;
    }

    private ObjectNode object(ObjectNode object, @Nullable Structural schema, String path, boolean isResource) {
        boolean keeps = schema != null && schema.preservesUnknownFields();
        ObjectNode result = Trees.object();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            String where = path.isEmpty() ? name : path + "." + name;
            Structural property = schema == null ? null : schema.properties().get(name);
            if (isResource && META_FIELDS.contains(name)) {
                result.set(name, name.equals("metadata") && value instanceof ObjectNode m ? metadata(m, where) : value);
            } else if (property != null) {
                result.set(name, any(value, property, where));
            } else if (schema != null && (schema.additionalProperties() != null || schema.allowsAnyField())) {
                Structural additional = schema.additionalProperties();
                result.set(name, additional == null && keeps ? value : any(value, additional, where));
            } else if (keeps) {
                result.set(name, value);
            } else if (!META_FIELDS.contains(name) || !path.isEmpty()) {
                unknown.add(where);
            }
        }
        return result;
    }
}
