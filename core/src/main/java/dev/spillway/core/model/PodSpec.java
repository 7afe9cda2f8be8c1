package dev.spillway.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a pod's specification that decisions need. Pods of one template have equal specs, and the engine keeps one
 * object for all of them.
 *
 * @param requestList what the pod requests as a whole; limits stand in where requests are absent
 * @param nodeTerms required node affinity: one of the terms must hold, a term holds when all its expressions do; empty =
 *     no requirement
 * @param priority the pod's priority; higher goes first
 * @param graceSeconds time to end in good order
 * @param onNodes what it demands of nodes beyond that
 * @param regionBlockers what the pod uses that no region can run (R6.5), in alphabetical order
 */
public record PodSpec(
        String schedulerName,
        ResourceList requestList,
        Labels nodeSelector,
        List<List<NodeRequirement>> nodeTerms,
        List<Toleration> tolerations,
        List<Container> containers,
        RestartPolicy restartPolicy,
        int priority,
        int graceSeconds,
        NodeRules onNodes,
        Set<String> regionBlockers) {

    /** What happens when the containers end. */
    public enum RestartPolicy {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    public PodSpec {
        nodeTerms = nodeTerms.stream().map(List::copyOf).toList();
        tolerations = List.copyOf(tolerations);
        containers = List.copyOf(containers);
        regionBlockers = java.util.Collections.unmodifiableSet(new TreeSet<>(regionBlockers));
    }

    /** What a region is asked for: CPU, memory and GPUs. */
    public Resources requests() {
        return new Resources(
                requestList.get(ResourceList.CPU),
                requestList.get(ResourceList.MEMORY),
                requestList.get(ResourceList.GPU));
    }

    /** The same with one more toleration. */
    public PodSpec tolerating(Toleration more) {
        var all = new ArrayList<>(tolerations);
        all.add(more);
        return with(nodeSelector, nodeTerms, all);
    }

    /** The same without node selector and required node affinity. */
    public PodSpec onAnyNode() {
        return nodeSelector.isEmpty() && nodeTerms.isEmpty() ? this : with(Labels.empty(), List.of(), tolerations);
    }

    private PodSpec with(Labels selector, List<List<NodeRequirement>> terms, List<Toleration> tolerated) {
        return new PodSpec(
                schedulerName,
                requestList,
                selector,
                terms,
                tolerated,
                containers,
                restartPolicy,
                priority,
                graceSeconds,
                onNodes,
                regionBlockers);
    }

    /** Whether node selector and required node affinity accept a node of this name and these labels. */
    public boolean selects(NodeName name, Labels labels) {
        return labels.containsAll(nodeSelector)
                && (nodeTerms.isEmpty()
                        || nodeTerms.stream()
                                .anyMatch(term -> !term.isEmpty()
                                        && term.stream().allMatch(requirement -> requirement.holds(name, labels))));
    }
}
