package dev.spillway.core.fit;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeRules.Spread;
import dev.spillway.core.model.Pod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Soft topology spread constraints as scores from 0 to 100 (kube-scheduler plugin PodTopologySpread): the fewer matching pods in the
 * node's domains, the more. A constraint of n domains weighs log(n + 2). Nodes without all the keys get 0.
 */
final class SoftSpread {
    private final Pod pod;
    private final List<NodeState> candidates;
    private final Set<NodeState> withKeys;
    private final List<Weighted> rules = new ArrayList<>();

    private record Weighted(Spread rule, Map<String, Integer> countByDomain, double weight) {}

    SoftSpread(Pod pod, List<NodeState> candidates, Cluster cluster) {
        this.pod = pod;
        this.candidates = candidates;
        var soft = pod.spec().onNodes().spread().stream()
                .filter(rule -> !rule.hard())
                .toList();
        var counted = TopologySpread.withAllKeys(cluster.nodes(), soft);
        this.withKeys = new HashSet<>(TopologySpread.withAllKeys(candidates, soft));
        for (var rule : soft) {
            long domains = withKeys.stream()
                    .map(node -> node.label(rule.topologyKey()))
                    .distinct()
                    .count();
            rules.add(new Weighted(
                    rule,
                    TopologySpread.countByDomain(
                            pod, rule, TopologySpread.included(pod, rule, counted), cluster.groups),
                    StrictMath.log(domains + 2.0)));
        }
    }

    long[] scores() {
        var raw = candidates.stream()
                .mapToLong(node -> withKeys.contains(node) ? raw(node) : -1)
                .toArray();
        long least = Long.MAX_VALUE;
        long most = 0;
        for (long score : raw) {
            least = score < 0 ? least : Math.min(least, score);
            most = Math.max(most, score);
        }
        for (int i = 0; i < raw.length; i++) {
            raw[i] = raw[i] < 0 ? 0 : most == 0 ? 100 : 100 * (most + least - raw[i]) / most;
        }
        return raw;
    }

    private long raw(NodeState node) {
        double sum = 0;
        for (var it : rules) {
            var domain = node.label(it.rule().topologyKey());
            if (domain != null) {
                sum += count(it, node, domain) * it.weight() + it.rule().maxSkew() - 1;
            }
        }
        return Math.round(sum);
    }

    /** By host name the node's own pods count, whether or not the constraint counts the node. */
    private long count(Weighted it, NodeState node, String domain) {
        if (!it.rule().topologyKey().equals(Names.HOSTNAME)) {
            return it.countByDomain().getOrDefault(domain, 0);
        }
        return it.rule().selector().selectsEverything()
                ? 0
                : node.pods().stream()
                        .filter(other -> !other.deleting()
                                && other.key().namespace().equals(pod.key().namespace())
                                && it.rule().selector().selects(other.labels()))
                        .count();
    }
}
