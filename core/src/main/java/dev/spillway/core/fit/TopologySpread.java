package dev.spillway.core.fit;

import dev.spillway.core.cluster.NodeRules.Spread;
import dev.spillway.core.cluster.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hard topology spread constraints (kube-scheduler plugin PodTopologySpread): matching pods in the node's domain, with the new one,
 * may exceed the domain with the fewest by maxSkew at most. Counted once per pod that is placed.
 */
final class TopologySpread implements Constraint {
    private static final String UNFIT = "node(s) didn't match pod topology spread constraints";

    private final List<Counted> counted = new ArrayList<>();

    private record Counted(Spread rule, Map<String, Integer> countByDomain, int fewest, int self) {}

    TopologySpread(Pod pod, Cluster cluster) {
        var rules = pod.spec().onNodes().spread().stream().filter(Spread::hard).toList();
        var nodes = withAllKeys(cluster.nodes(), rules);
        for (var rule : rules) {
            var counts = countByDomain(pod, rule, nodes, cluster);
            int fewest = counts.size() < rule.minDomains()
                    ? 0
                    : counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
            counted.add(new Counted(rule, counts, fewest, rule.selector().selects(pod.labels()) ? 1 : 0));
        }
    }

    @Override
    public @Nullable String unfit(Pod pod, NodeState node) {
        for (var it : counted) {
            var domain = node.label(it.rule().topologyKey());
            if (domain == null) {
                return UNFIT + " (missing required label)";
            }
            if (it.countByDomain().getOrDefault(domain, 0) + it.self() - it.fewest()
                    > it.rule().maxSkew()) {
                return UNFIT;
            }
        }
        return null;
    }

    static List<NodeState> withAllKeys(List<NodeState> nodes, List<Spread> rules) {
        return nodes.stream()
                .filter(node -> rules.stream().allMatch(rule -> node.label(rule.topologyKey()) != null))
                .toList();
    }

    /** Matching pods by domain, over the nodes that the constraint counts; a domain without any has 0. */
    static Map<String, Integer> countByDomain(Pod pod, Spread rule, List<NodeState> nodes, Cluster cluster) {
        Set<NodeState> included = HashSet.newHashSet(nodes.size());
        Map<String, Integer> counts = new HashMap<>(); // only looked up and reduced to a minimum
        for (var node : nodes) {
            var domain = node.label(rule.topologyKey());
            if (domain != null && includes(rule, pod, node)) {
                included.add(node);
                counts.putIfAbsent(domain, 0);
            }
        }
        if (rule.selector().selectsEverything()) {
            return counts; // kube-scheduler counts no pods for a selector without requirements
        }
        cluster.groups.forEach((group, countByNode) -> {
            if (!group.deleting()
                    && group.namespace().equals(pod.key().namespace())
                    && rule.selector().selects(group.labels())) {
                countByNode.forEach((node, count) -> {
                    var domain = included.contains(node) ? node.label(rule.topologyKey()) : null;
                    if (domain != null) {
                        counts.merge(domain, count, Integer::sum);
                    }
                });
            }
        });
        return counts;
    }

    private static boolean includes(Spread rule, Pod pod, NodeState node) {
        return (!rule.honorsAffinity()
                        || pod.spec().selects(node.node().name(), node.node().labels()))
                && (!rule.honorsTaints() || Taints.untolerated(pod, node) == null);
    }
}
