package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How often each constraint and each field mattered in the worlds that were judged. Not thread-safe.
 *
 * <p>A constraint occurred in a world where it refused a node, and decided where it alone did. A field occurred where it stands
 * in a pod, node or claim, and decided where the verdict is another one without it.
 */
public final class Tally {
    private static final List<String> FIELDS = List.of(
            "unschedulable",
            "taints",
            "tolerations",
            "tolerationSeconds",
            "nodeSelector",
            "nodeAffinity",
            "matchFields",
            "initContainers",
            "overhead",
            "nvidia.com/gpu",
            "hostPort",
            "hostIP",
            "protocol",
            "deletionTimestamp",
            "topologySpreadConstraints",
            "maxSkew",
            "minDomains",
            "nodeAffinityPolicy",
            "nodeTaintsPolicy",
            "matchLabelKeys",
            "mismatchLabelKeys",
            "podAffinity",
            "podAntiAffinity",
            "namespaces",
            "namespaceSelector",
            "persistentVolumeClaim",
            "ephemeral",
            "allowedTopologies",
            "selector",
            "claimRef",
            "annotations");

    private final Map<Constraint, int[]> constraints = new EnumMap<>(Constraint.class);
    private final Map<String, int[]> fields = new LinkedHashMap<>();
    private int worlds;
    private int mixed;

    /** Nothing judged yet. */
    public Tally() {
        for (var constraint : Constraint.values()) {
            constraints.put(constraint, new int[2]);
        }
        FIELDS.forEach(field -> fields.put(field, new int[2]));
        fields.put("status.phase", new int[2]);
        fields.put("resources of the pod", new int[2]);
        fields.put("restartPolicy of a container", new int[2]);
    }

    /** Counts a world. */
    public void add(World world, Verdict verdict) {
        worlds++;
        int feasible = verdict.feasible().size();
        if (feasible > 0 && feasible < world.nodes().size()) {
            mixed++;
        }
        verdict.deciders().forEach((constraint, alone) -> count(of(constraint), alone));
        for (var field : FIELDS) {
            addField(field, world, verdict, object -> remove(object, field));
        }
        addField("status.phase", world, verdict, pod -> isPod(pod) && remove(pod.path("status"), "phase"));
        addField(
                "resources of the pod", world, verdict, pod -> isPod(pod) && removeHere(pod.path("spec"), "resources"));
        addField("restartPolicy of a container", world, verdict, pod -> remove(pod, "restartPolicy"));
    }

    private int[] of(Constraint constraint) {
        return constraints.computeIfAbsent(constraint, _ -> new int[2]);
    }

    /** Removes something from an object; true where it was there. */
    private interface Change {
        boolean in(JsonNode object);
    }

    private void addField(String name, World world, Verdict verdict, Change change) {
        var without = world.copy();
        boolean there = Stream.concat(without.surroundings(), Stream.of(without.pending()))
                .filter(object -> !object.path("kind").asText().equals("Namespace"))
                .map(change::in)
                .reduce(false, Boolean::logicalOr);
        if (there) {
            count(
                    fields.computeIfAbsent(name, _ -> new int[2]),
                    !Oracle.judge(without).feasible().equals(verdict.feasible()));
        }
    }

    private static boolean isPod(JsonNode object) {
        return object.path("kind").asText().equals("Pod");
    }

    private static void count(int[] figures, boolean decided) {
        figures[0]++;
        if (decided) {
            figures[1]++;
        }
    }

    private static boolean removeHere(JsonNode json, String field) {
        return json instanceof ObjectNode object && object.remove(field) != null;
    }

    private static boolean remove(JsonNode json, String field) {
        boolean removed = removeHere(json, field);
        for (var child : json) {
            removed |= remove(child, field);
        }
        return removed;
    }

    /** How often the constraint alone refused a node. */
    public int decided(Constraint constraint) {
        return of(constraint)[1];
    }

    /** A table, one line for each constraint and field. */
    @Override
    public String toString() {
        var text = new StringBuilder(
                "%d worlds, %d of them with nodes that fit and nodes that do not%n".formatted(worlds, mixed));
        text.append("%-38s %8s %8s%n".formatted("constraint", "refused", "alone"));
        constraints.forEach((constraint, figures) -> append(text, constraint.text(), figures));
        text.append("%-38s %8s %8s%n".formatted("field", "occurred", "decided"));
        fields.forEach((field, figures) -> append(text, field, figures));
        return text.toString();
    }

    private static void append(StringBuilder text, String name, int[] figures) {
        text.append("%-38s %8d %8d%n".formatted(name, figures[0], figures[1]));
    }
}
