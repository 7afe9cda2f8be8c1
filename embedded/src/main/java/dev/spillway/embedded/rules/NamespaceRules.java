package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import java.util.Set;

/**
 * Namespaces. A deleted one stays, terminating, until its content is gone and its finalizer with it.
 *
 * <p>Rules: kubernetes {@code pkg/registry/core/namespace/strategy.go} and {@code storage/storage.go}.
 */
public final class NamespaceRules extends TypeRules {

    /** These cannot be deleted. */
    public static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    /** The subresource through which {@code spec.finalizers} is written. */
    public static final String FINALIZE = "finalize";

    NamespaceRules() {
        super(ResourceType.NAMESPACES);
    }

    @Override
    Set<String> selectableFields() {
        return Set.of("status.phase");
    }

    @Override
    public boolean returnsDeletedObject() {
        return true;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        String name = Trees.text(object, "metadata", "name");
        if (name != null) {
            ObjectNode metadata = Trees.writable(object, "metadata");
            Trees.writable(metadata, "labels").put("kubernetes.io/metadata.name", name);
        }
    }

    @Override
    public void prepareNew(ObjectNode object) {
        Trees.writable(object, "metadata").remove("generation");
        ObjectNode spec = Trees.writable(object, "spec");
        if (!spec.has("finalizers")) {
            spec.putArray("finalizers").add("kubernetes");
        }
        object.putObject("status").put("phase", "Active");
    }

    /** Finalizers of the spec are written through their own subresource only. */
    @Override
    public void prepareUpdate(ObjectNode next, ObjectNode old) {
        super.prepareUpdate(next, old);
        Trees.put(Trees.writable(next, "spec"), "finalizers", Trees.at(old, "spec", "finalizers"));
    }

    /** Through {@link #FINALIZE} all but the status is written. */
    @Override
    public void prepareFinalize(ObjectNode next, ObjectNode old) {
        Trees.put(next, "status", old.get("status"));
    }

    @Override
    List<String> wrongWithName(String name) {
        return Names.dnsLabel(name);
    }

    /** Whether the namespace still waits for somebody to empty it. */
    public static boolean isHeld(JsonNode namespace) {
        JsonNode finalizers = Trees.at(namespace, "spec", "finalizers");
        return finalizers != null && !finalizers.isEmpty();
    }

    @Override
    public boolean isHeldBySpec(ObjectNode object) {
        return isHeld(object);
    }
}
