package dev.spillway.trials.scenario.kubelet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A real node that a scenario gives. Immutable.
 *
 * @param labels besides those that every node has
 * @param resources capacity, all of it allocatable, by name of the resource, as Kubernetes quantities
 * @param ready what its condition Ready says when it joins
 * @param joinsLater it is not there before a step lets it join
 */
public record PlayedNode(
        String name, Map<String, String> labels, Map<String, String> resources, boolean ready, boolean joinsLater) {
    private static final Map<String, String> ROOMY = Map.of("cpu", "8", "memory", "64Gi", "pods", "110");

    /** What is not said of {@code resources} is 8 CPUs, 64 GiB of memory and 110 pods. */
    public PlayedNode {
        labels = Map.copyOf(labels);
        var all = new LinkedHashMap<>(ROOMY);
        all.putAll(resources);
        resources = Map.copyOf(all);
    }

    /** Path of its lease. */
    static String lease(String node) {
        return "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" + node;
    }

    /** The Node as its kubelet would register it, with a label that tells who made it. */
    ObjectNode object(String label, Instant now) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "v1").put("kind", "Node");
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        ObjectNode all = metadata.putObject("labels")
                .put(label, "true")
                .put("kubernetes.io/hostname", name)
                .put("kubernetes.io/os", "linux")
                .put("kubernetes.io/arch", "amd64");
        labels.forEach(all::put);
        object.putObject("spec");
        ObjectNode status = object.putObject("status");
        resources.forEach(status.putObject("capacity")::put);
        resources.forEach(status.putObject("allocatable")::put);
        status.putArray("conditions").add(condition(ready, now));
        return object;
    }

    /** The condition Ready. */
    static ObjectNode condition(boolean ready, Instant now) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False")
                .put("reason", ready ? "KubeletReady" : "KubeletNotReady")
                .put("message", "played by a scenario")
                .put("lastHeartbeatTime", seconds(now))
                .put("lastTransitionTime", seconds(now));
    }

    /** As the API writes times. */
    static String seconds(Instant instant) {
        return Instant.ofEpochSecond(instant.getEpochSecond()).toString();
    }
}
