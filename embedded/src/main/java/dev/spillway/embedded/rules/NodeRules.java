package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Nodes. They count no generation; status may be set on creation; a new one is tainted not ready.
 *
 * <p>Rules: kubernetes {@code pkg/registry/core/node/strategy.go}, {@code plugin/pkg/admission/nodetaint/admission.go}.
 */
final class NodeRules extends TypeRules {

    static final String NOT_READY = "node.kubernetes.io/not-ready";

    /** Never left out by the API, empty or not. */
    private static final List<String> NODE_INFO = List.of(
            "machineID",
            "systemUUID",
            "bootID",
            "kernelVersion",
            "osImage",
            "containerRuntimeVersion",
            "kubeletVersion",
            "kubeProxyVersion",
            "operatingSystem",
            "architecture");

    private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    NodeRules() {
        super(ResourceType.NODES);
    }

    @Override
    Set<String> selectableFields() {
        return Set.of("spec.unschedulable");
    }

    @Override
    public Function<ObjectNode, String> selectable(String field) {
        Function<ObjectNode, String> value = super.selectable(field);
        return field.equals("spec.unschedulable")
                ? object -> value.apply(object).isEmpty() ? "false" : value.apply(object)
                : value;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode status = Trees.writable(object, "status");
        Quantity.canonicalise("Node", status, "capacity");
        if (!status.has("allocatable") && status.has("capacity")) {
            status.set("allocatable", status.get("capacity").deepCopy());
        }
        Quantity.canonicalise("Node", status, "allocatable");
        ObjectNode endpoint = Trees.writable(Trees.writable(status, "daemonEndpoints"), "kubeletEndpoint");
        if (!endpoint.has("Port")) {
            endpoint.put("Port", 0);
        }
        ObjectNode info = Trees.writable(status, "nodeInfo");
        NODE_INFO.stream().filter(field -> !info.has(field)).forEach(field -> info.put(field, ""));
    }

    @Override
    public void admitNew(ObjectNode object, Lookup lookup) {
        for (JsonNode taint : Trees.elements(object, "spec", "taints")) {
            if (NOT_READY.equals(Trees.text(taint, "key")) && "NoSchedule".equals(Trees.text(taint, "effect"))) {
                return;
            }
        }
        ObjectNode spec = Trees.writable(object, "spec");
        ArrayNode taints = spec.get("taints") instanceof ArrayNode there ? Trees.thaw(there) : Trees.array();
        taints.addObject().put("key", NOT_READY).put("effect", "NoSchedule");
        spec.set("taints", taints);
    }

    @Override
    public void prepareNew(ObjectNode object) {
        Trees.writable(object, "metadata").remove("generation");
    }

    @Override
    void validateContent(ObjectNode object, Causes causes) {
        Set<String> seen = new HashSet<>();
        int index = 0;
        for (JsonNode taint : Trees.elements(object, "spec", "taints")) {
            String field = "metadata.taints[" + index + "]";
            String key = taint.path("key").asText();
            String effect = taint.path("effect").asText();
            Names.qualifiedName(key).forEach(why -> causes.invalid(field + ".key", key, why));
            Names.labelValue(taint.path("value").asText())
                    .forEach(why -> causes.invalid(field + ".value", taint.path("value"), why));
            if (!EFFECTS.contains(effect)) {
                causes.notSupported(field + ".effect", effect, List.of("NoSchedule", "PreferNoSchedule", "NoExecute"));
            }
            if (!seen.add(key + "/" + effect)) {
                causes.duplicate(field, key + ":" + effect);
            }
            index++;
        }
    }

    @Override
    void validateChange(ObjectNode next, ObjectNode old, Causes causes) {
        String before = Trees.text(old, "spec", "providerID");
        String now = Trees.text(next, "spec", "providerID");
        if (before != null && !before.equals(now)) {
            causes.invalid(
                    "spec.providerID",
                    NullNode.getInstance(),
                    now == null ? "field cannot be cleared once set" : "field cannot be modified once set");
        }
    }
}
