package dev.spillway.core.fit;

import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.NodeRules.Spread;
import dev.spillway.core.model.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hard topology spread constraints (kube-scheduler plugin PodTopologySpread): matching pods in the node's domain, with the new one,
 * may exceed the domain with the fewest by maxSkew at most. Counted once per pod that is placed. Pods whose place is not sure yet
 * fill their domain, but the domain with the fewest has none of them.
 */
final class TopologySpread implements Constraint {
    private static final String WORDS = "node(s) didn't match pod topology spread constraints";

    private final List<Counted> counted = new ArrayList<>();

    private record Counted(Spread rule, Map<String, Integer> countByDomain, int fewest, int self) {}

    TopologySpread(Pod pod, Cluster cluster, Trust trust) {
        var rules = pod.spec().onNodes().spread().stream().filter(Spread::hard).toList();
        var nodes = withAllKeys(cluster.nodes(), rules);
        for (var rule : rules) {
            var included = included(pod, rule, nodes);
            var counts = countByDomain(pod, rule, included, cluster.groups);
            int fewest =
                    counts.size() < rule.minDomains() ? 0 : fewest(counts, minus(pod, rule, included, cluster, trust));
            counted.add(new Counted(rule, counts, fewest, rule.selector().selects(pod.labels()) ? 1 : 0));
        }
    }

    private static Map<String, Integer> minus(
            Pod pod, Spread rule, Set<NodeState> included, Cluster cluster, Trust trust) {
        var unsure = cluster.unsure(trust);
        return unsure.isEmpty() ? Map.of() : countByDomain(pod, rule, included, unsure);
    }

    private static int fewest(Map<String, Integer> counts, Map<String, Integer> minus) {
        int fewest = Integer.MAX_VALUE;
        for (var entry : counts.entrySet()) {
            fewest = Math.min(fewest, entry.getValue() - minus.getOrDefault(entry.getKey(), 0));
        }
        return counts.isEmpty() ? 0 : fewest;
    }

    @Override
    public boolean bindsVirtualNodes() {
        return true;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        for (var it : counted) {
            var key = it.rule().topologyKey();
            var domain = node.label(key);
            if (domain == null) {
                return new Unfit(
                        ConstraintKind.SPREAD,
                        WORDS + " (missing required label)",
                        () -> "has no label %s, which a topology spread constraint of the pod asks for".formatted(key));
            }
            if (it.countByDomain().getOrDefault(domain, 0) + it.self() - it.fewest()
                    > it.rule().maxSkew()) {
                return new Unfit(
                        ConstraintKind.SPREAD,
                        WORDS,
                        () -> "has as many pods as the topology spread constraint on %s with maxSkew %d allows now"
                                .formatted(key, it.rule().maxSkew()));
            }
        }
        return null;
    }

    static List<NodeState> withAllKeys(List<NodeState> nodes, List<Spread> rules) {
        return nodes.stream()
                .filter(node -> rules.stream().allMatch(rule -> node.label(rule.topologyKey()) != null))
                .toList();
    }

    /** Those of the nodes that the constraint counts; in the order given. */
    static Set<NodeState> included(Pod pod, Spread rule, List<NodeState> nodes) {
        Set<NodeState> included = LinkedHashSet.newLinkedHashSet(nodes.size());
        for (var node : nodes) {
            if (node.label(rule.topologyKey()) != null && includes(rule, pod, node)) {
                included.add(node);
            }
        }
        return included;
    }

    /** Matching pods of these groups by domain, over the nodes that the constraint counts; a domain without any has 0. */
    static Map<String, Integer> countByDomain(
            Pod pod, Spread rule, Set<NodeState> included, CountsByNode<Cluster.Group> groups) {
        Map<String, Integer> counts = new HashMap<>(); // only looked up and reduced to a minimum
        for (var node : included) {
            counts.putIfAbsent(domain(rule, node), 0);
        }
        if (rule.selector().selectsEverything()) {
            return counts; // kube-scheduler counts no pods for a selector without requirements
        }
        groups.forEach((group, countByNode) -> {
            if (!group.deleting()
                    && group.namespace().equals(pod.key().namespace())
                    && rule.selector().selects(group.labels())) {
                countByNode.forEach((node, count) -> {
                    if (included.contains(node)) {
                        counts.merge(domain(rule, node), count, Integer::sum);
                    }
                });
            }
        });
        return counts;
    }

    private static String domain(Spread rule, NodeState node) {
        return Objects.requireNonNull(node.label(rule.topologyKey()), "a node that is not counted");
    }

    private static boolean includes(Spread rule, Pod pod, NodeState node) {
        return (!rule.honorsAffinity()
                        || pod.spec().selects(node.node().name(), node.node().labels()))
                && (!rule.honorsTaints() || Taints.tolerates(pod, node));
    }
}
