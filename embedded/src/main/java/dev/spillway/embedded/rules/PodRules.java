package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pods.
 *
 * <p>Rules: kubernetes {@code pkg/registry/core/pod/strategy.go}; admission: {@code plugin/pkg/admission} ({@code
 * defaulttolerationseconds}, {@code priority}, {@code podtopologylabels}). The admission of service accounts is not modelled:
 * no account, no token volume.
 */
public final class PodRules extends TypeRules {

    /** The labels of a node that a pod on it carries too. */
    public static final List<String> TOPOLOGY_LABELS =
            List.of("topology.kubernetes.io/region", "topology.kubernetes.io/zone");

    /** The two priority classes that every cluster has. */
    private static final Map<String, Integer> PRIORITIES =
            Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

    private static final List<String> EVICTING_TAINTS = List.of(NodeRules.NOT_READY, "node.kubernetes.io/unreachable");

    PodRules() {
        super(ResourceType.PODS);
    }

    @Override
    public boolean returnsDeletedObject() {
        return true;
    }

    @Override
    Set<String> selectableFields() {
        return Set.of(
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName");
    }

    @Override
    public Function<ObjectNode, String> selectable(String field) {
        Function<ObjectNode, String> value = super.selectable(field);
        return field.equals("spec.hostNetwork")
                ? object -> value.apply(object).isEmpty() ? "false" : value.apply(object)
                : value;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        PodDefaults.applyToPod(object);
    }

    @Override
    public void admitNew(ObjectNode object, Lookup lookup) {
        admitPriority(object);
        addTolerations(object);
        String node = Trees.text(object, "spec", "nodeName");
        if (node != null) {
            ObjectNode found = lookup.find(ResourceType.NODES, null, node);
            if (found != null) {
                addTopology(object, found);
            }
        }
    }

    @Override
    public void admitUpdate(ObjectNode next, ObjectNode old) {
        ObjectNode spec = Trees.writable(next, "spec");
        for (String field : List.of("priority", "preemptionPolicy")) {
            if (!spec.has(field)) {
                Trees.put(spec, field, Trees.at(old, "spec", field));
            }
        }
        addTolerations(next);
    }

    @Override
    public void prepareNew(ObjectNode object) {
        super.prepareNew(object);
        ObjectNode status = object.putObject("status").put("phase", "Pending");
        if (object.path("spec").path("schedulingGates").size() > 0) {
            status.putArray("conditions")
                    .addObject()
                    .put("type", "PodScheduled")
                    .put("status", "False")
                    .put("reason", "SchedulingGated")
                    .put("message", "Scheduling is blocked due to non-empty scheduling gates")
                    .set("lastTransitionTime", object.path("metadata").path("creationTimestamp"));
        }
        status.put("qosClass", PodDefaults.qosClass(object));
    }

    /** The rest of the metadata may change along with the status, the spec and the owners may not. */
    @Override
    public void prepareStatusUpdate(ObjectNode next, ObjectNode old) {
        super.prepareStatusUpdate(next, old);
        ObjectNode metadata = Trees.writable(next, "metadata");
        metadata.remove("deletionTimestamp");
        Trees.put(metadata, "ownerReferences", Trees.at(old, "metadata", "ownerReferences"));
        JsonNode qos = Trees.at(old, "status", "qosClass");
        if (Trees.at(next, "status", "qosClass") == null && qos != null) {
            Trees.writable(next, "status").set("qosClass", qos);
        }
    }

    @Override
    public Long graceSeconds(ObjectNode object, @Nullable Long wanted) {
        String phase = Trees.text(object, "status", "phase");
        boolean nothingRuns =
                Trees.text(object, "spec", "nodeName") == null || "Succeeded".equals(phase) || "Failed".equals(phase);
        if (nothingRuns) {
            return 0L;
        }
        Long own = Trees.number(object, "spec", "terminationGracePeriodSeconds");
        long seconds = wanted != null ? wanted : own != null ? own : 0;
        return seconds < 0 ? 1 : seconds;
    }

    @Override
    void validateContent(ObjectNode object, Causes causes) {
        DeletionCost.validate(object, "metadata.annotations", causes);
        PodValidation.validateSpec(object.path("spec"), "spec", causes);
    }

    @Override
    void validateChange(ObjectNode next, ObjectNode old, Causes causes) {
        PodValidation.validateChange(next, old, causes);
    }

    @Override
    void validateStatusChange(ObjectNode next, ObjectNode old, Causes causes) {
        DeletionCost.validate(next, "metadata.annotations", causes);
        PodValidation.validateStatusChange(next, old, causes);
    }

    /** Copies the topology labels of a node onto an object, overwriting. */
    public static void addTopology(ObjectNode object, ObjectNode node) {
        for (String label : TOPOLOGY_LABELS) {
            JsonNode value = Trees.at(node, "metadata", "labels", label);
            if (value != null) {
                ObjectNode metadata = Trees.writable(object, "metadata");
                Trees.writable(metadata, "labels").set(label, value);
            }
        }
    }

    private static void admitPriority(ObjectNode object) {
        ObjectNode spec = Trees.writable(object, "spec");
        String name = Trees.text(object, "metadata", "name");
        // Admission comes before a name is generated, and then names the prefix.
        name = name == null ? Trees.text(object, "metadata", "generateName") : name;
        String priorityClass = Trees.text(spec, "priorityClassName");
        Integer priority = priorityClass == null ? Integer.valueOf(0) : PRIORITIES.get(priorityClass);
        if (priority == null) {
            throw Failure.forbidden(
                    ResourceType.PODS,
                    name == null ? "" : name,
                    "no PriorityClass with name %s was found".formatted(priorityClass));
        }
        Long given = Trees.number(spec, "priority");
        if (given != null && given != priority.longValue()) {
            throw Failure.forbidden(
                    ResourceType.PODS,
                    name == null ? "" : name,
                    ("the integer value of priority (%d) must not be provided in pod spec; priority admission controller"
                                    + " computed %d from the given PriorityClass name")
                            .formatted(given, priority));
        }
        spec.put("priority", priority);
        if (!spec.has("preemptionPolicy")) {
            spec.put("preemptionPolicy", "PreemptLowerPriority");
        }
    }

    private static void addTolerations(ObjectNode object) {
        ObjectNode spec = Trees.writable(object, "spec");
        ArrayNode tolerations = spec.get("tolerations") instanceof ArrayNode there ? Trees.thaw(there) : Trees.array();
        for (String taint : EVICTING_TAINTS) {
            if (!tolerates(tolerations, taint)) {
                tolerations
                        .addObject()
                        .put("key", taint)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", 300);
            }
        }
        spec.set("tolerations", tolerations);
    }

    private static boolean tolerates(ArrayNode tolerations, String taint) {
        for (JsonNode toleration : tolerations) {
            String key = Trees.text(toleration, "key");
            String effect = Trees.text(toleration, "effect");
            if ((key == null || key.equals(taint)) && (effect == null || effect.equals("NoExecute"))) {
                return true;
            }
        }
        return false;
    }
}
