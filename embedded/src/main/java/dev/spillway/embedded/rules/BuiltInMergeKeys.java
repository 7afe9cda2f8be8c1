package dev.spillway.embedded.rules;

import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.MergeKeys;
import dev.spillway.embedded.tree.MergeKeys.ListStrategy;
import java.util.HashMap;
import java.util.Map;

/**
 * The merge keys of the built-in types: the tags {@code patchStrategy} and {@code patchMergeKey} of {@code k8s.io/api} 0.37.2.
 *
 * <p>What has no tag is replaced as a whole, such as a node's taints, a pod's tolerations and its container statuses.
 */
final class BuiltInMergeKeys {

    private static final Map<String, String> CONTAINER = Map.of(
            "ports", "containerPort",
            "env", "name",
            "volumeMounts", "mountPath",
            "volumeDevices", "devicePath");

    private static final Map<String, String> POD_SPEC = Map.ofEntries(
            Map.entry("volumes", "name"),
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("ephemeralContainers", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("hostAliases", "ip"),
            Map.entry("topologySpreadConstraints", "topologyKey"),
            Map.entry("schedulingGates", "name"),
            Map.entry("resourceClaims", "name"));

    private static final ListStrategy REPLACE = new ListStrategy.Replace();
    private static final ListStrategy VALUES = new ListStrategy.MergeValues();

    private BuiltInMergeKeys() {}

    static MergeKeys of(ResourceType type) {
        Map<String, String> keys = new HashMap<>();
        keys.put("metadata.ownerReferences", "uid");
        keys.put("status.conditions", "type");
        switch (type.plural()) {
            case "pods" -> {
                addPodSpec(keys, "spec.");
                keys.put("status.podIPs", "ip");
                keys.put("status.hostIPs", "ip");
                keys.put("status.resourceClaimStatuses", "name");
            }
            case "nodes" -> keys.put("status.addresses", "type");
            case "deployments", "replicasets", "jobs" -> {
                addPodSpec(keys, "spec.template.spec.");
                keys.put("spec.template.metadata.ownerReferences", "uid");
            }
            default -> {}
        }
        Map<String, ListStrategy> strategies = new HashMap<>();
        keys.forEach((path, key) -> strategies.put(path, new ListStrategy.MergeByKey(key)));
        strategies.put("metadata.finalizers", VALUES);
        if (type.equals(ResourceType.DISRUPTION_BUDGETS)) {
            strategies.put("spec.selector", new ListStrategy.ReplaceObject());
        }
        return path -> strategies.getOrDefault(path, REPLACE);
    }

    private static void addPodSpec(Map<String, String> keys, String prefix) {
        POD_SPEC.forEach((field, key) -> keys.put(prefix + field, key));
        for (String containers : new String[] {"containers", "initContainers", "ephemeralContainers"}) {
            CONTAINER.forEach((field, key) -> keys.put(prefix + containers + "." + field, key));
        }
    }
}
