package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the server writes into a pod, or into the pod template of a workload, where the client left it open.
 *
 * <p>Rules: kubernetes {@code pkg/apis/core/v1/defaults.go}; quality of service: {@code pkg/apis/core/v1/helper/qos/qos.go}.
 */
final class PodDefaults {

    private static final List<String> CONTAINER_LISTS = List.of("containers", "initContainers");
    private static final List<String> QOS_RESOURCES = List.of("cpu", "memory");

    private PodDefaults() {}

    /** A pod's spec: all that a template gets, and what only a pod gets. */
    static void applyToPod(ObjectNode pod) {
        ObjectNode spec = Trees.writable(pod, "spec");
        applyToSpec(spec);
        if (!spec.has("enableServiceLinks")) {
            spec.put("enableServiceLinks", true);
        }
        for (String list : CONTAINER_LISTS) {
            eachContainer(spec, list, PodDefaults::requestWhatIsLimited);
        }
        JsonNode ip = Trees.at(pod, "status", "podIP");
        JsonNode firstIp = Trees.at(pod, "status", "podIPs") instanceof ArrayNode ips && !ips.isEmpty()
                ? ips.get(0).path("ip")
                : null;
        if (ip != null && !ip.equals(firstIp)) {
            ArrayNode ips = Trees.writable(pod, "status").putArray("podIPs");
            ips.addObject().set("ip", ip);
        } else if (ip == null && firstIp != null) {
            Trees.writable(pod, "status").set("podIP", firstIp);
        }
    }

    /** The spec of a pod or of a template. */
    static void applyToSpec(ObjectNode spec) {
        putIfAbsent(spec, "restartPolicy", "Always");
        if (!spec.has("terminationGracePeriodSeconds")) {
            spec.put("terminationGracePeriodSeconds", 30);
        }
        putIfAbsent(spec, "dnsPolicy", "ClusterFirst");
        if (!spec.has("securityContext")) {
            spec.putObject("securityContext");
        }
        putIfAbsent(spec, "schedulerName", "default-scheduler");
        for (String list : CONTAINER_LISTS) {
            eachContainer(spec, list, PodDefaults::applyToContainer);
        }
    }

    /** {@code Guaranteed}, {@code Burstable} or {@code BestEffort}, by the CPU and memory of all containers. */
    static String qosClass(ObjectNode pod) {
        boolean anything = false;
        boolean guaranteed = true;
        for (String list : CONTAINER_LISTS) {
            for (JsonNode container : Trees.elements(pod, "spec", list)) {
                for (String resource : QOS_RESOURCES) {
                    BigDecimal request = positive(container, "requests", resource);
                    BigDecimal limit = positive(container, "limits", resource);
                    anything |= request != null || limit != null;
                    guaranteed &= limit != null && (request == null || request.compareTo(limit) == 0);
                }
            }
        }
        if (!anything) {
            return "BestEffort";
        }
        return guaranteed ? "Guaranteed" : "Burstable";
    }

    private static @Nullable BigDecimal positive(JsonNode container, String kind, String resource) {
        JsonNode value = Trees.at(container, "resources", kind, resource);
        if (value == null) {
            return null;
        }
        BigDecimal quantity = Quantity.parse("Pod", value.asText());
        return quantity.signum() > 0 ? quantity : null;
    }

    private static void applyToContainer(ObjectNode container) {
        ObjectNode resources = Trees.writable(container, "resources");
        Quantity.canonicalise("Pod", resources, "limits");
        Quantity.canonicalise("Pod", resources, "requests");
        putIfAbsent(container, "terminationMessagePath", "/dev/termination-log");
        putIfAbsent(container, "terminationMessagePolicy", "File");
        putIfAbsent(
                container, "imagePullPolicy", isLatest(container.path("image").asText()) ? "Always" : "IfNotPresent");
        if (container.get("ports") instanceof ArrayNode ports) {
            ArrayNode complete = Trees.array();
            for (JsonNode port : ports) {
                if (port instanceof ObjectNode object && !object.has("protocol")) {
                    complete.add(Trees.thaw(object).put("protocol", "TCP"));
                } else {
                    complete.add(port);
                }
            }
            container.set("ports", complete);
        }
    }

    private static void requestWhatIsLimited(ObjectNode container) {
        if (!(Trees.at(container, "resources", "limits") instanceof ObjectNode limits)) {
            return;
        }
        ObjectNode resources = Trees.writable(container, "resources");
        ObjectNode requests = Trees.writable(resources, "requests");
        for (Map.Entry<String, JsonNode> limit : limits.properties()) {
            if (!requests.has(limit.getKey())) {
                requests.set(limit.getKey(), limit.getValue());
            }
        }
    }

    private static void eachContainer(ObjectNode spec, String list, Consumer<ObjectNode> change) {
        if (!(spec.get(list) instanceof ArrayNode containers)) {
            return;
        }
        ArrayNode changed = Trees.array();
        for (JsonNode container : containers) {
            if (container instanceof ObjectNode object) {
                ObjectNode copy = Trees.thaw(object);
                change.accept(copy);
                changed.add(copy);
            } else {
                changed.add(container);
            }
        }
        spec.set(list, changed);
    }

    /** No tag and no digest means the tag latest. */
    private static boolean isLatest(String image) {
        if (image.contains("@")) {
            return false;
        }
        String last = image.substring(image.lastIndexOf('/') + 1);
        return !last.contains(":") || last.endsWith(":latest");
    }

    private static void putIfAbsent(ObjectNode object, String field, String value) {
        if (Trees.text(object, field) == null) {
            object.put(field, value);
        }
    }
}
