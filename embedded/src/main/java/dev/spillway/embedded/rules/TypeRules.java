package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.schema.CustomResourceSchema;
import dev.spillway.embedded.structure.Structure;
import dev.spillway.embedded.tree.MergeKeys;
import dev.spillway.embedded.tree.Trees;
import dev.spillway.embedded.tree.Trees.EmptyArrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one type of object: what kube-apiserver calls its strategy and its admission.
 *
 * <p>Objects handed in as {@code object} or {@code next} may be changed; {@code old} ones may not. Stateless; may be shared.
 */
public abstract class TypeRules {

    /** Other objects that a rule looks at, such as the node that a pod names. */
    @FunctionalInterface
    public interface Lookup {
        /** The newest state of an object, or null where there is none. */
        @Nullable
        ObjectNode find(ResourceType type, @Nullable String namespace, String name);
    }

    private final ResourceType type;

    TypeRules(ResourceType type) {
        this.type = type;
    }

    /**
     * The rules of a type; types unknown here are custom resources with a status subresource.
     *
     * @param schema of a custom resource; null where nothing is known of what is in it
     */
    public static TypeRules of(ResourceType type, @Nullable CustomResourceSchema schema) {
        return switch (type.qualifiedPlural()) {
            case "pods" -> new PodRules();
            case "nodes" -> new NodeRules();
            case "namespaces" -> new NamespaceRules();
            case "events" -> new EventRules();
            case "configmaps" -> new ConfigMapRules();
            case "serviceaccounts" -> new ServiceAccountRules();
            case "customresourcedefinitions.apiextensions.k8s.io" -> new DefinitionRules();
            case "poddisruptionbudgets.policy" -> new DisruptionBudgetRules();
            case "leases.coordination.k8s.io" -> new LeaseRules();
            case "deployments.apps", "replicasets.apps", "jobs.batch" -> new WorkloadRules(type);
            default -> new CustomResourceRules(type, schema);
        };
    }

    /** The type these rules are about. */
    public final ResourceType type() {
        return type;
    }

    /** Whether a PUT without a resourceVersion overwrites whatever is there. */
    public boolean allowsUnconditionalUpdate() {
        return true;
    }

    /** Whether a PUT creates the object where there is none. */
    public boolean allowsCreateOnUpdate() {
        return false;
    }

    /** Whether status is written on its own, and ignored in other writes. */
    public boolean hasStatus() {
        return true;
    }

    /** Whether changes of its spec are counted; not those of an object that nobody reports on, most of the time. */
    boolean hasGeneration() {
        return hasStatus();
    }

    /** Whether a strategic merge patch is understood. */
    public boolean isBuiltIn() {
        return true;
    }

    /** What becomes of lists without elements in an object of this type. */
    public final EmptyArrays emptyArrays() {
        return isBuiltIn() ? EmptyArrays.LEFT_OUT : EmptyArrays.KEPT;
    }

    /** Whether the answer to a deletion is the deleted object, and not a Status. */
    public boolean returnsDeletedObject() {
        return false;
    }

    /** Whether dependents are kept when a deletion does not say what is to become of them. */
    public boolean orphansByDefault() {
        return false;
    }

    /** Whether something in its spec keeps a deleted object, as finalizers in its metadata do. */
    public boolean isHeldBySpec(ObjectNode object) {
        return false;
    }

    /** How lists are merged by a strategic merge patch. */
    public MergeKeys mergeKeys() {
        return BuiltInMergeKeys.of(type);
    }

    /** Fields by which objects may be selected, beside name and namespace. */
    Set<String> selectableFields() {
        return Set.of();
    }

    /** Whether a field selector may name this field. */
    public final boolean isSelectable(String field) {
        return field.equals("metadata.name")
                || (field.equals("metadata.namespace") && type.isNamespaced())
                || selectableFields().contains(field);
    }

    /** What is answered to a selector by a field that is not selectable. */
    public final String notSelectable(String field) {
        boolean declares = !selectableFields().isEmpty() || !isBuiltIn();
        return declares
                ? "field label not supported: " + field
                : "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                        .formatted(field);
    }

    /** Where a field selector finds the value by which it judges an object; empty text where the object has none. */
    public Function<ObjectNode, String> selectable(String field) {
        String[] path = field.split("\\.", -1);
        return object -> {
            JsonNode value = Trees.at(object, path);
            return value == null || value.isContainerNode() ? "" : value.asText();
        };
    }

    /**
     * Leaves out the fields that the type does not have, as far as it is known.
     *
     * @return their paths, in the order in which the API names them
     * @throws dev.spillway.embedded.structure.UndecodableException where a value is of the wrong type
     */
    public List<String> dropUnknownFields(ObjectNode object, Structure.Form form) {
        Structure structure = Structure.of(type);
        return structure == null ? List.of() : structure.dropUnknown(object, form);
    }

    /** Fills in what the client left open; on creation and on update. */
    public void applyDefaults(ObjectNode object) {}

    /** What admission adds to a new object. */
    public void admitNew(ObjectNode object, Lookup lookup) {}

    /** What admission adds to an object that is written as a whole again. */
    public void admitUpdate(ObjectNode next, ObjectNode old) {}

    /** Resets what a client may not set on a new object. Its system fields are there already. */
    public void prepareNew(ObjectNode object) {
        if (hasStatus()) {
            object.remove("status");
        }
        ObjectNode metadata = Trees.writable(object, "metadata");
        if (hasGeneration()) {
            metadata.put("generation", 1);
        } else {
            metadata.remove("generation");
        }
    }

    /** Takes from the old object what a write of the whole may not change, and counts the generation. */
    public void prepareUpdate(ObjectNode next, ObjectNode old) {
        if (hasStatus()) {
            Trees.put(next, "status", old.get("status"));
        }
        keepGeneration(next, old, specChanged(next, old));
    }

    /** Takes from the old object what a write of the status may not change: all but status, for most types. */
    public void prepareStatusUpdate(ObjectNode next, ObjectNode old) {
        Trees.put(next, "spec", old.get("spec"));
        keepGeneration(next, old, false);
    }

    /** Takes from the old object what a write of the finalizers of the spec may not change. */
    public void prepareFinalize(ObjectNode next, ObjectNode old) {
        throw new IllegalStateException("Objects of kind %s have no finalizers in their spec.".formatted(type.kind()));
    }

    /** What is wrong with a new or updated object. */
    public final void validate(ObjectNode object, Causes causes) {
        Metadata.validate(object, type, this::wrongWithName, causes);
        validateContent(object, null, causes);
    }

    /** What an update of the whole may not do. */
    public final void validateUpdate(ObjectNode next, ObjectNode old, Causes causes) {
        Metadata.validateUpdate(next, old, causes);
        Metadata.validate(next, type, this::wrongWithName, causes);
        validateContent(next, old, causes);
        validateChange(next, old, causes);
    }

    /** What an update of the status may not do. */
    public final void validateStatusUpdate(ObjectNode next, ObjectNode old, Causes causes) {
        Metadata.validateUpdate(next, old, causes);
        Metadata.validate(next, type, this::wrongWithName, causes);
        validateStatusChange(next, old, causes);
    }

    /**
     * How long a deleted object stays, in seconds, or null where it goes at once unless finalizers hold it.
     *
     * @param wanted what the deletion asks for, or null
     */
    public @Nullable Long graceSeconds(ObjectNode object, @Nullable Long wanted) {
        return null;
    }

    /** What is wrong with a name. */
    List<String> wrongWithName(String name) {
        return Names.dnsSubdomain(name);
    }

    /** What is wrong with an object, for rules that look at what it takes the place of; that is null on creation. */
    void validateContent(ObjectNode object, @Nullable ObjectNode old, Causes causes) {
        validateContent(object, causes);
    }

    void validateContent(ObjectNode object, Causes causes) {}

    void validateChange(ObjectNode next, ObjectNode old, Causes causes) {}

    void validateStatusChange(ObjectNode next, ObjectNode old, Causes causes) {}

    static boolean specChanged(ObjectNode next, ObjectNode old) {
        return !Trees.same(next.get("spec"), old.get("spec"));
    }

    /** A client cannot set the generation. */
    static void keepGeneration(ObjectNode next, ObjectNode old, boolean counts) {
        ObjectNode metadata = Trees.writable(next, "metadata");
        long before = Metadata.generation(old);
        if (before == 0) {
            metadata.remove("generation");
        } else {
            metadata.put("generation", counts ? before + 1 : before);
        }
    }
}
