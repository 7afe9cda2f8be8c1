package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.schema.CustomResourceSchema;
import dev.spillway.embedded.structure.Structure;
import dev.spillway.embedded.tree.MergeKeys;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Custom resources with a status subresource, by their schema where it is known.
 *
 * <p>Rules: apiextensions-apiserver {@code pkg/registry/customresource/strategy.go} and {@code status_strategy.go}.
 */
final class CustomResourceRules extends TypeRules {

    private final @Nullable CustomResourceSchema schema;

    CustomResourceRules(ResourceType type, @Nullable CustomResourceSchema schema) {
        super(type);
        this.schema = schema;
    }

    @Override
    public boolean allowsUnconditionalUpdate() {
        return false;
    }

    @Override
    public boolean isBuiltIn() {
        return false;
    }

    @Override
    public MergeKeys mergeKeys() {
        return MergeKeys.none();
    }

    @Override
    public List<String> dropUnknownFields(ObjectNode object, Structure.Form form) {
        List<String> unknown = List.of();
        if (object.get("metadata") instanceof ObjectNode) {
            unknown = Structure.metadata().dropUnknown(Trees.writable(object, "metadata"), form);
        } else if (object.has("metadata")) {
            throw Structure.metadata().notAnObject(object.get("metadata"));
        }
        if (schema == null) {
            return inMetadata(unknown);
        }
        CustomResourceSchema.Pruned pruned = schema.prune(object);
        replace(object, pruned.object());
        return Stream.concat(inMetadata(unknown).stream(), pruned.unknown().stream())
                .toList();
    }

    private static List<String> inMetadata(List<String> fields) {
        return fields.stream().map(field -> "metadata." + field).toList();
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        if (schema != null) {
            replace(object, schema.withDefaults(object));
        }
    }

    @Override
    void validateContent(ObjectNode object, @Nullable ObjectNode old, Causes causes) {
        if (schema != null) {
            schema.validate(object, old, causes);
        }
    }

    @Override
    void validateStatusChange(ObjectNode next, ObjectNode old, Causes causes) {
        if (schema != null) {
            schema.validateStatus(next, old, causes);
        }
    }

    /** Every change beside metadata and status counts. */
    @Override
    public void prepareUpdate(ObjectNode next, ObjectNode old) {
        Trees.put(next, "status", old.get("status"));
        keepGeneration(next, old, !withoutMetadata(next).equals(withoutMetadata(old)));
    }

    /** Only the status: not even a label may be written along. */
    @Override
    public void prepareStatusUpdate(ObjectNode next, ObjectNode old) {
        JsonNode status = next.get("status");
        JsonNode version = next.path("metadata").get("resourceVersion");
        next.removeAll();
        next.setAll(old);
        Trees.put(next, "status", status);
        Trees.put(Trees.writable(next, "metadata"), "resourceVersion", version);
    }

    @Override
    List<String> wrongWithName(String name) {
        return Names.dnsSubdomain(name);
    }

    private static void replace(ObjectNode object, ObjectNode by) {
        object.removeAll();
        object.setAll(by);
    }

    private static ObjectNode withoutMetadata(ObjectNode object) {
        ObjectNode rest = Trees.object();
        for (Map.Entry<String, JsonNode> part : object.properties()) {
            if (!part.getKey().equals("metadata")) {
                rest.set(part.getKey(), part.getValue());
            }
        }
        return Trees.freeze(rest);
    }
}
