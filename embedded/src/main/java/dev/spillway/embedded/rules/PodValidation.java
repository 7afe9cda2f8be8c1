package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.tree.Trees;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a pod's spec, alone or as a change of an older one.
 *
 * <p>Rules: kubernetes {@code pkg/apis/core/validation/validation.go}. Of the rules for one spec the ones that a
 * scheduler or an owner can run into are here: containers, their resources, the restart policy, affinity, spread, gates.
 */
final class PodValidation {

    private static final String UPDATABLE =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");

    private PodValidation() {}

    /** The spec of a pod, or of a template at another path. */
    static void validateSpec(JsonNode spec, String path, Causes causes) {
        Set<String> names = new HashSet<>();
        if (!(spec.get("containers") instanceof ArrayNode containers) || containers.isEmpty()) {
            causes.required(path + ".containers", "");
        }
        for (String list : List.of("initContainers", "containers")) {
            int index = 0;
            for (JsonNode container : Trees.elements(spec, list)) {
                validateContainer(container, "%s.%s[%d]".formatted(path, list, index), names, causes);
                index++;
            }
        }
        String restartPolicy = spec.path("restartPolicy").asText();
        if (!RESTART_POLICIES.contains(restartPolicy)) {
            causes.notSupported(path + ".restartPolicy", restartPolicy, RESTART_POLICIES);
        }
        PlacementValidation.validateNodeAffinity(
                spec.path("affinity").path("nodeAffinity"), path + ".affinity.nodeAffinity", causes);
        PlacementValidation.validatePodAffinity(spec.path("affinity"), path + ".affinity", causes);
        boolean gated = spec.path("schedulingGates").size() > 0;
        if (gated && Trees.text(spec, "nodeName") != null) {
            causes.forbidden(path + ".nodeName", "cannot be set until all schedulingGates have been cleared");
        }
        PlacementValidation.validateSpread(spec, path + ".topologySpreadConstraints", causes);
    }

    /** An update of a pod: few fields of its spec may change. */
    static void validateChange(ObjectNode next, ObjectNode old, Causes causes) {
        ObjectNode spec = next.path("spec") instanceof ObjectNode object ? Trees.thaw(object) : Trees.object();
        JsonNode before = old.path("spec");
        for (String list : List.of("containers", "initContainers")) {
            if (spec.path(list).size() != before.path(list).size()) {
                causes.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
            Trees.put(spec, list, withOldImages(spec.get(list), before.get(list)));
        }
        validateDeadline(spec, before, causes);
        Trees.put(spec, "activeDeadlineSeconds", before.get("activeDeadlineSeconds"));
        validateTolerations(spec, before, causes);
        Trees.put(spec, "tolerations", before.get("tolerations"));
        validateGates(spec, before, causes);
        Trees.put(spec, "schedulingGates", before.get("schedulingGates"));
        Long grace = Trees.number(before, "terminationGracePeriodSeconds");
        Long newGrace = Trees.number(spec, "terminationGracePeriodSeconds");
        if (grace != null && grace < 0 && newGrace != null && newGrace == 1) {
            Trees.put(spec, "terminationGracePeriodSeconds", before.get("terminationGracePeriodSeconds"));
        }
        if (before.path("schedulingGates").size() > 0) {
            validateGatedSelector(spec, before, causes);
            Trees.put(spec, "nodeSelector", before.get("nodeSelector"));
        }
        if (!Trees.freeze(spec).equals(before)) {
            causes.forbidden("spec", UPDATABLE);
        }
    }

    /** A terminated container stays terminated unless the restart policy starts it again. */
    static void validateStatusChange(ObjectNode next, ObjectNode old, Causes causes) {
        String policy = Trees.text(old, "spec", "restartPolicy");
        int index = 0;
        for (JsonNode before : Trees.elements(old, "status", "containerStatuses")) {
            JsonNode terminated = Trees.at(before, "state", "terminated");
            boolean mayRestart = terminated == null
                    || "Always".equals(policy)
                    || ("OnFailure".equals(policy)
                            && terminated.path("exitCode").asInt() != 0);
            for (JsonNode now : Trees.elements(next, "status", "containerStatuses")) {
                boolean same = now.path("name").equals(before.path("name"));
                if (!mayRestart && same && Trees.at(now, "state", "terminated") == null) {
                    causes.forbidden(
                            "status.containerStatuses[%d].state".formatted(index),
                            "may not be transitioned to non-terminated state");
                }
            }
            index++;
        }
        validateAddresses(next, "podIPs", causes);
        validateAddresses(next, "hostIPs", causes);
        JsonNode qos = Trees.at(next, "status", "qosClass");
        if (!Trees.same(qos, Trees.at(old, "status", "qosClass"))) {
            causes.invalid("status.qosClass", qos == null ? "" : qos, "field is immutable");
        }
    }

    private static void validateAddresses(ObjectNode pod, String list, Causes causes) {
        int index = 0;
        for (JsonNode address : Trees.elements(pod, "status", list)) {
            String ip = address.path("ip").asText();
            if (!isAddress(ip)) {
                causes.invalid(
                        "status.%s[%d]".formatted(list, index),
                        ip,
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
            index++;
        }
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return text.contains(":")
                    || text.chars().filter(letter -> letter == '.').count() == 3;
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    private static void validateContainer(JsonNode container, String path, Set<String> names, Causes causes) {
        String name = Trees.text(container, "name");
        if (name == null) {
            causes.required(path + ".name", "");
        } else {
            Names.dnsLabel(name).forEach(why -> causes.invalid(path + ".name", name, why));
            if (!names.add(name)) {
                causes.duplicate(path + ".name", name);
            }
        }
        if (Trees.text(container, "image") == null) {
            causes.required(path + ".image", "");
        }
        ResourceValidation.validate(container.path("resources"), path + ".resources", causes);
    }

    private static @Nullable JsonNode withOldImages(@Nullable JsonNode containers, @Nullable JsonNode before) {
        if (!(containers instanceof ArrayNode array) || before == null) {
            return containers;
        }
        ArrayNode result = Trees.array();
        for (int i = 0; i < array.size(); i++) {
            JsonNode image = before.get(i).get("image");
            if (array.get(i) instanceof ObjectNode container && image != null) {
                ObjectNode copy = Trees.thaw(container);
                copy.set("image", image);
                result.add(copy);
            } else {
                result.add(array.get(i));
            }
        }
        return result;
    }

    private static void validateDeadline(JsonNode spec, JsonNode before, Causes causes) {
        Long now = Trees.number(spec, "activeDeadlineSeconds");
        Long then = Trees.number(before, "activeDeadlineSeconds");
        if (now == null && then != null) {
            causes.invalid(
                    "spec.activeDeadlineSeconds",
                    NullNode.getInstance(),
                    "must not update from a positive integer to nil value");
        } else if (now != null && now < 0) {
            causes.invalid("spec.activeDeadlineSeconds", now, "must be between 0 and 2147483647, inclusive");
        } else if (now != null && then != null && then < now) {
            causes.invalid("spec.activeDeadlineSeconds", now, "must be less than or equal to previous value");
        }
    }

    private static void validateTolerations(JsonNode spec, JsonNode before, Causes causes) {
        for (JsonNode old : Trees.elements(before, "tolerations")) {
            boolean kept = false;
            for (JsonNode now : Trees.elements(spec, "tolerations")) {
                kept |= withoutSeconds(now).equals(withoutSeconds(old));
            }
            if (!kept) {
                causes.forbidden(
                        "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static JsonNode withoutSeconds(JsonNode toleration) {
        if (!(toleration instanceof ObjectNode object)) {
            return toleration;
        }
        ObjectNode copy = Trees.thaw(object);
        copy.remove("tolerationSeconds");
        return copy;
    }

    private static void validateGates(JsonNode spec, JsonNode before, Causes causes) {
        Set<String> known = new HashSet<>();
        Trees.elements(before, "schedulingGates")
                .forEach(gate -> known.add(gate.path("name").asText()));
        int index = 0;
        for (JsonNode gate : Trees.elements(spec, "schedulingGates")) {
            String name = gate.path("name").asText();
            if (!known.contains(name)) {
                causes.forbidden(
                        "spec.schedulingGates[%d].name".formatted(index),
                        "only deletion is allowed, but found new scheduling gate '%s'".formatted(name));
            }
            index++;
        }
    }

    private static void validateGatedSelector(JsonNode spec, JsonNode before, Causes causes) {
        for (Map.Entry<String, JsonNode> label : Trees.fields(before, "nodeSelector")) {
            if (!label.getValue().equals(spec.path("nodeSelector").get(label.getKey()))) {
                causes.invalid(
                        "spec.nodeSelector",
                        spec.path("nodeSelector"),
                        "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
                return;
            }
        }
    }
}
