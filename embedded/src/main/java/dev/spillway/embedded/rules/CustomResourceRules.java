package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.MergeKeys;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import java.util.Map;

/**
 * Custom resources with a status subresource. Their schema, with its defaults and rules, is not looked at.
 *
 * <p>Rules: apiextensions-apiserver {@code pkg/registry/customresource/strategy.go} and {@code status_strategy.go}.
 */
final class CustomResourceRules extends TypeRules {

    CustomResourceRules(ResourceType type) {
        super(type);
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
