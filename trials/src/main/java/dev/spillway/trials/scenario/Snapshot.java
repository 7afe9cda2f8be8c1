package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.core.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the API server said at one moment about a scenario's namespace and the cluster's nodes and Regions, as its JSON. Read only.
 *
 * @param pods in order of name; those being deleted are among them
 * @param templates pod templates as the server stored them when the Deployments were applied, by Deployment
 * @param uids UIDs of the objects that steps applied, by their names in the file
 */
record Snapshot(
        List<JsonNode> pods,
        List<JsonNode> nodes,
        List<JsonNode> events,
        List<JsonNode> deployments,
        List<JsonNode> policies,
        List<JsonNode> regions,
        Map<String, JsonNode> templates,
        Map<String, String> uids) {

    Snapshot {
        pods = List.copyOf(pods);
        nodes = List.copyOf(nodes);
        events = List.copyOf(events);
        deployments = List.copyOf(deployments);
        policies = List.copyOf(policies);
        regions = List.copyOf(regions);
        templates = Map.copyOf(templates);
        uids = Map.copyOf(uids);
    }

    /** Pods that carry all these labels; all for an empty map. */
    List<JsonNode> pods(Map<String, String> labels) {
        return pods.stream()
                .filter(pod -> labels.entrySet().stream()
                        .allMatch(label -> label(pod, label.getKey()).equals(label.getValue())))
                .toList();
    }

    /** The node a pod is bound to. */
    Optional<JsonNode> nodeOf(JsonNode pod) {
        return named(nodes, pod.path("spec").path("nodeName").asText());
    }

    /** Whether a pod is bound to a node of ours, or to one that should be. */
    boolean isOnVirtualNode(JsonNode pod) {
        String name = pod.path("spec").path("nodeName").asText();
        return name.startsWith(Names.VIRTUAL_KUBELET)
                || nodeOf(pod)
                        .map(node -> label(node, Names.TYPE).equals(Names.VIRTUAL_KUBELET))
                        .orElse(false);
    }

    Optional<JsonNode> deployment(String name) {
        return named(deployments, name);
    }

    Optional<JsonNode> policy(String name) {
        return named(policies, name);
    }

    Optional<JsonNode> region(String name) {
        return named(regions, name);
    }

    /** Events about a pod, not about an earlier one of its name. */
    List<JsonNode> eventsOf(JsonNode pod) {
        return eventsOfUid(pod.path("metadata").path("uid").asText());
    }

    /** Events about an object of the file, not about an earlier one of its name; about a node or a Region of this name. */
    List<JsonNode> eventsOn(Expectation.EventOn.Subject subject, String name) {
        return switch (subject) {
            case OBJECT -> uids.containsKey(name) ? eventsOfUid(uids.get(name)) : List.of();
            case NODE -> eventsOf("Node", name); // some have the node's UID, those of kubelets its name in place of it
            case REGION -> eventsOf("Region", name);
        };
    }

    private List<JsonNode> eventsOf(String kind, String name) {
        return events.stream()
                .filter(event -> event.path("involvedObject")
                                .path("kind")
                                .asText()
                                .equals(kind)
                        && event.path("involvedObject").path("name").asText().equals(name))
                .toList();
    }

    private List<JsonNode> eventsOfUid(String uid) {
        return events.stream()
                .filter(event ->
                        event.path("involvedObject").path("uid").asText().equals(uid))
                .toList();
    }

    static boolean isTerminating(JsonNode pod) {
        return pod.path("metadata").has("deletionTimestamp");
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static String label(JsonNode object, String key) {
        return object.path("metadata").path("labels").path(key).asText();
    }

    static String annotation(JsonNode object, String key) {
        return object.path("metadata").path("annotations").path(key).asText();
    }

    /** An object's condition of a type; a missing node where it has none. */
    static JsonNode condition(JsonNode object, String type) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    /** The pods for a person, one line each: where they are, and why not elsewhere. */
    List<String> podLines() {
        var lines = new ArrayList<String>();
        for (JsonNode pod : pods) {
            var line = new StringBuilder(name(pod));
            line.append("  ").append(pod.path("status").path("phase").asText("no phase"));
            line.append("  node ").append(pod.path("spec").path("nodeName").asText("none"));
            String unit = annotation(pod, Names.UNIT);
            if (!unit.isEmpty()) {
                line.append("  unit ").append(unit);
            }
            if (isTerminating(pod)) {
                line.append("  being deleted");
            }
            why(pod).ifPresent(why -> line.append("  (").append(why).append(')'));
            lines.add(line.toString());
        }
        return lines;
    }

    /** Why a pod waits, or how it came to be where it is, as conditions and events tell. */
    private Optional<String> why(JsonNode pod) {
        String waits = condition(pod, "PodScheduled").path("message").asText();
        return waits.isEmpty()
                ? eventsOf(pod).stream()
                        .filter(event -> event.path("reason").asText().equals("Scheduled"))
                        .map(event -> event.path("message").asText())
                        .findFirst()
                : Optional.of(waits);
    }

    /** How many of these pods are in each region, by the labels of their nodes, virtual nodes only. */
    Map<String, Integer> countsByRegion(Map<String, String> labels) {
        var counts = new TreeMap<String, Integer>();
        for (JsonNode pod : pods(labels)) {
            if (isOnVirtualNode(pod)) {
                String region =
                        nodeOf(pod).map(node -> label(node, Names.REGION)).orElse("a node that is gone");
                counts.merge(region, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** How many of these pods each unit placed, by the annotation that tells; others are not counted. */
    Map<String, Integer> countsByUnit(Map<String, String> labels) {
        var counts = new TreeMap<String, Integer>();
        for (JsonNode pod : pods(labels)) {
            String unit = annotation(pod, Names.UNIT);
            if (!unit.isEmpty()) {
                counts.merge(unit, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** How many of these pods are bound to each node that is not a virtual one. */
    Map<String, Integer> countsByRealNode(Map<String, String> labels) {
        var counts = new TreeMap<String, Integer>();
        for (JsonNode pod : pods(labels)) {
            String node = pod.path("spec").path("nodeName").asText();
            if (!node.isEmpty() && !isOnVirtualNode(pod)) {
                counts.merge(node, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** How many of these pods are in each phase. */
    Map<String, Integer> countsByPhase(Map<String, String> labels) {
        var counts = new TreeMap<String, Integer>();
        pods(labels)
                .forEach(pod -> counts.merge(pod.path("status").path("phase").asText("none"), 1, Integer::sum));
        return counts;
    }

    private static Optional<JsonNode> named(List<JsonNode> objects, String name) {
        return objects.stream().filter(object -> name(object).equals(name)).findFirst();
    }
}
