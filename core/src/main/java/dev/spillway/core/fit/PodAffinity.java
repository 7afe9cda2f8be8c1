package dev.spillway.core.fit;

import dev.spillway.core.cluster.NodeRules.PodTerm;
import dev.spillway.core.cluster.Pod;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Required pod affinity and anti-affinity, in both directions (kube-scheduler plugin InterPodAffinity). Where nothing matches the
 * affinity anywhere, a pod that matches it itself is the first of its group and may go to any node that has the topology keys.
 */
final class PodAffinity implements Constraint {
    private record Domain(String key, String value) {}

    private final Set<Domain> near = new HashSet<>();
    private final Set<Domain> far = new HashSet<>();
    private final Set<Domain> shut = new HashSet<>(); // by anti-affinity of pods that are there
    private final Set<String> shutKeys = new TreeSet<>();
    private final boolean isFirstOfGroup;

    PodAffinity(Pod pod, Cluster cluster) {
        cluster.far.forEach((term, nodes) -> {
            if (cluster.means(term, pod)) {
                addDomains(shut, term, nodes);
                shutKeys.add(term.topologyKey());
            }
        });
        var company = pod.spec().onNodes().company();
        if (!company.near().isEmpty() || !company.far().isEmpty()) {
            cluster.groups.forEach((group, nodes) -> {
                if (company.near().stream().allMatch(term -> cluster.means(term, group.namespace(), group.labels()))) {
                    company.near().forEach(term -> addDomains(near, term, nodes));
                }
                for (var term : company.far()) {
                    if (cluster.means(term, group.namespace(), group.labels())) {
                        addDomains(far, term, nodes);
                    }
                }
            });
        }
        isFirstOfGroup = near.isEmpty() && company.near().stream().allMatch(term -> cluster.means(term, pod));
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
    public @Nullable String unfit(Pod pod, NodeState node) {
        var company = pod.spec().onNodes().company();
        for (var term : company.near()) {
            var value = node.label(term.topologyKey());
            if (value == null || (!isFirstOfGroup && !near.contains(new Domain(term.topologyKey(), value)))) {
                return "node(s) didn't match pod affinity rules";
            }
        }
        for (var term : company.far()) {
            var value = node.label(term.topologyKey());
            if (value != null && far.contains(new Domain(term.topologyKey(), value))) {
                return "node(s) didn't match pod anti-affinity rules";
            }
        }
        for (var key : shutKeys) {
            var value = node.label(key);
            if (value != null && shut.contains(new Domain(key, value))) {
                return "node(s) didn't satisfy existing pods anti-affinity rules";
            }
        }
        return null;
    }
}
