package dev.spillway.embedded.structure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The structure of a built-in type, by which the API server reads objects. Immutable; may be shared. */
public final class Structure {

    /** How an object came to be, on which depends what the API server says of one that does not fit. */
    public enum Form {
        /** Read from JSON: sent as a whole, or what a merge patch or a JSON patch makes. */
        JSON,
        /** What a strategic merge patch makes; a number with a fraction of zero counts as whole then. */
        TREE
    }

    private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final String SCALE = "io.k8s.api.autoscaling.v1.Scale";

    /** The schemas of kinds, by version and kind. */
    private static final Map<String, String> SCHEMAS = Map.of(
            "v1 Pod", "io.k8s.api.core.v1.Pod",
            "v1 Node", "io.k8s.api.core.v1.Node",
            "v1 Namespace", "io.k8s.api.core.v1.Namespace",
            "v1 ConfigMap", "io.k8s.api.core.v1.ConfigMap",
            "v1 Event", "io.k8s.api.core.v1.Event",
            "apps/v1 Deployment", "io.k8s.api.apps.v1.Deployment",
            "apps/v1 ReplicaSet", "io.k8s.api.apps.v1.ReplicaSet",
            "batch/v1 Job", "io.k8s.api.batch.v1.Job",
            "policy/v1 PodDisruptionBudget", "io.k8s.api.policy.v1.PodDisruptionBudget",
            "coordination.k8s.io/v1 Lease", "io.k8s.api.coordination.v1.Lease");

    /** All that was asked for so far, by schema; each is read when it is needed first. */
    private static final class Known {
        private static final Shapes SHAPES = new Shapes();
        private static final Map<String, Structure> BY_SCHEMA = new HashMap<>();

        static synchronized Structure of(String schema) {
            return BY_SCHEMA.computeIfAbsent(
                    schema, missing -> new Structure(Objects.requireNonNull(SHAPES.struct(missing), missing)));
        }
    }

    private final Shape.Struct struct;

    private Structure(Shape.Struct struct) {
        this.struct = struct;
    }

    /** The structure of a built-in type; null where it is not known, as of a custom resource or a definition of one. */
    public static @Nullable Structure of(ResourceType type) {
        String schema = SCHEMAS.get(type.apiVersion() + " " + type.kind());
        return schema == null ? null : Known.of(schema);
    }

    /** The structure of a scale. */
    public static Structure scale() {
        return Known.of(SCALE);
    }

    /** The structure of metadata, which is all that is built in of a custom resource. */
    public static Structure metadata() {
        return Known.of(METADATA);
    }

    /** Whether there is a built-in type of a kind, such as {@code Pod} of version {@code v1}, as far as it is known here. */
    public static boolean isKind(String group, String version, String kind) {
        return SCHEMAS.containsKey((group.isEmpty() ? version : group + "/" + version) + " " + kind);
    }

    /** Whether the structure of a type is known. */
    public static boolean isKnown(ResourceType type) {
        return isKind(type.group(), type.version(), type.kind());
    }

    /** Why something that is no object at all cannot be read. */
    public UndecodableException notAnObject(JsonNode value) {
        return new UndecodableException(GoJson.mismatch(value, false, Place.ROOT, "v1." + struct.name()));
    }

    /**
     * Reads an object, and leaves out the fields that its type does not have.
     *
     * @return the paths of those left out, in their order: {@code spec.containers[0].foo}
     * @throws UndecodableException where a value is of the wrong type; the object is as it was then
     */
    public List<String> dropUnknown(ObjectNode object, Form form) {
        Decoder decoder = new Decoder(form);
        ObjectNode known = Trees.thaw(decoder.decode(struct, object));
        object.removeAll();
        object.setAll(known);
        return decoder.unknown();
    }
}
