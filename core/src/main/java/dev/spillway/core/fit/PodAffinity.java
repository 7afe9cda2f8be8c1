package dev.spillway.core.fit;

import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.NodeRules.PodTerm;
import dev.spillway.core.model.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Required pod affinity and anti-affinity, in both directions (kube-scheduler plugin InterPodAffinity). Where nothing matches the
 * affinity anywhere, a pod that matches it itself is the first of its group and may go to any node that has the topology keys. Pods
 * whose place is not sure yet keep others off, and make nobody the first, but are no company to rely on.
 */
final class PodAffinity implements Constraint {
    private record Domain(String key, String value) {}

    private final Set<Domain> near = new HashSet<>();
    private final Set<Domain> far = new HashSet<>();
    private final Set<Domain> shut = new HashSet<>(); // by anti-affinity of pods that are there
    private final Set<String> shutKeys = new TreeSet<>();
    private final boolean isFirstOfGroup;
    private boolean hasCompany;

    PodAffinity(Pod pod, Cluster cluster, Trust trust) {
        cluster.far.forEach((term, nodes) -> {
            if (cluster.means(term, pod)) {
                addDomains(shut, term, nodes);
                shutKeys.add(term.topologyKey());
            }
        });
        var company = pod.spec().onNodes().interPodAffinity();
        if (!company.near().isEmpty() || !company.far().isEmpty()) {
            var unsure = cluster.unsure(trust);
            cluster.groups.forEach((group, nodes) -> {
                if (company.near().stream().allMatch(term -> cluster.means(term, group.namespace(), group.labels()))) {
                    addNear(company.near(), nodes, unsure.nodesOf(group));
                }
                for (var term : company.far()) {
                    if (cluster.means(term, group.namespace(), group.labels())) {
                        addDomains(far, term, nodes);
                    }
                }
            });
        }
        isFirstOfGroup = !hasCompany && company.near().stream().allMatch(term -> cluster.means(term, pod));
    }

    /** Whether there is anything to look at: the pod wants company or none, or a pod that is there wants none. */
    static boolean concerns(Pod pod, Cluster cluster) {
        var company = pod.spec().onNodes().interPodAffinity();
        return !company.near().isEmpty() || !company.far().isEmpty() || !cluster.far.isEmpty();
    }

    private void addNear(List<PodTerm> terms, Map<NodeState, Integer> nodes, Map<NodeState, Integer> unsure) {
        nodes.forEach((node, count) -> {
            for (var term : terms) {
                var value = node.isKnown() ? node.label(term.topologyKey()) : null;
                hasCompany |= value != null;
                if (value != null && count > unsure.getOrDefault(node, 0)) {
                    near.add(new Domain(term.topologyKey(), value));
                }
            }
        });
    }

    private static void addDomains(Set<Domain> domains, PodTerm term, Map<NodeState, Integer> nodes) {
        for (var node : nodes.keySet()) {
            var value = node.isKnown() ? node.label(term.topologyKey()) : null;
            if (value != null) {
                domains.add(new Domain(term.topologyKey(), value));
            }
        }
    }

    @Override
    public boolean bindsVirtualNodes() {
        return true;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        var company = pod.spec().onNodes().interPodAffinity();
        for (var term : company.near()) {
            var value = node.label(term.topologyKey());
            if (value == null || (!isFirstOfGroup && !near.contains(new Domain(term.topologyKey(), value)))) {
                return new Unfit(
                        ConstraintKind.AFFINITY,
                        "node(s) didn't match pod affinity rules",
                        () -> "has none of the pods that the pod's required affinity on %s asks for"
                                .formatted(term.topologyKey()));
            }
        }
        for (var term : company.far()) {
            var value = node.label(term.topologyKey());
            if (value != null && far.contains(new Domain(term.topologyKey(), value))) {
                return new Unfit(
                        ConstraintKind.ANTI_AFFINITY,
                        "node(s) didn't match pod anti-affinity rules",
                        () -> "has pods that the pod's required anti-affinity on %s excludes"
                                .formatted(term.topologyKey()));
            }
        }
        for (var key : shutKeys) {
            var value = node.label(key);
            if (value != null && shut.contains(new Domain(key, value))) {
                return new Unfit(
                        ConstraintKind.ANTI_AFFINITY,
                        "node(s) didn't satisfy existing pods anti-affinity rules",
                        () -> "has pods whose required anti-affinity on %s excludes the pod".formatted(key));
            }
        }
        return null;
    }
}
