package dev.spillway.core.fit;

import dev.spillway.core.model.NodeRules.WeightedTerm;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ResourceList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/*
 * Chooses among the nodes that take a pod, with the formulas and default weights of kube-scheduler: each part gives every node 0 to 100,
 *
 *   3 x soft taints + 2 x preferred node affinity + 2 x soft topology spread + 2 x preferred pod affinity + 1 x how full it would be,
 *
 * the highest sum wins, then the smaller name. Balance among resources and images already pulled are left out: they decide nothing
 * that a policy is about.
 */

/** Chooses among the nodes that take a pod. */
final class Score {
    private static final int FULL = 100;
    private static final int TAINTS = 3;
    private static final int NODE_AFFINITY = 2;
    private static final int SPREAD = 2;
    private static final int POD_AFFINITY = 2;

    private final Scoring scoring;
    private final Cluster cluster;

    Score(Scoring scoring, Cluster cluster) {
        this.scoring = scoring;
        this.cluster = cluster;
    }

    /** The best of them, null where there are none; they come in order of name. */
    @Nullable
    NodeState best(Pod pod, List<NodeState> candidates) {
        if (candidates.size() < 2) {
            return candidates.isEmpty() ? null : candidates.getFirst();
        }
        var sums = raw(candidates, node -> allocation(pod, node));
        add(sums, TAINTS, reversed(shares(raw(candidates, node -> softTaints(pod, node)))));
        var rules = pod.spec().onNodes();
        if (!rules.preferredNodes().isEmpty()) {
            add(sums, NODE_AFFINITY, shares(raw(candidates, node -> preferredNodes(pod, node))));
        }
        if (rules.spread().stream().anyMatch(rule -> !rule.hard())) {
            add(sums, SPREAD, new SoftSpread(pod, candidates, cluster).scores());
        }
        add(sums, POD_AFFINITY, interPodAffinity(pod, candidates));
        int best = 0;
        for (int i = 1; i < sums.length; i++) {
            best = sums[i] > sums[best] ? i : best;
        }
        return candidates.get(best);
    }

    private static long[] raw(List<NodeState> candidates, ToLongFunction<NodeState> score) {
        return candidates.stream().mapToLong(score).toArray();
    }

    private static void add(long[] sums, int weight, long[] part) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * part[i];
        }
    }

    /** As a share of the highest, 0 to 100. */
    private static long[] shares(long[] scores) {
        long most = Arrays.stream(scores).max().orElse(0);
        return most == 0
                ? scores
                : Arrays.stream(scores).map(score -> score * FULL / most).toArray();
    }

    private static long[] reversed(long[] shares) {
        return Arrays.stream(shares).map(share -> FULL - share).toArray();
    }

    private static long softTaints(Pod pod, NodeState node) {
        return node.node().taints().stream()
                .filter(taint -> !taint.isHard()
                        && pod.spec().tolerations().stream().noneMatch(toleration -> toleration.tolerates(taint)))
                .count();
    }

    private static long preferredNodes(Pod pod, NodeState node) {
        return pod.spec().onNodes().preferredNodes().stream()
                .filter(preferred -> !preferred.term().isEmpty()
                        && preferred.term().stream()
                                .allMatch(requirement -> requirement.holds(
                                        node.node().name(), node.node().labels())))
                .mapToLong(preferred -> preferred.weight())
                .sum();
    }

    /** Preferred terms of the pod and of the pods that are there, by the topology domains they mean. */
    private long[] interPodAffinity(Pod pod, List<NodeState> candidates) {
        Map<String, Map<String, Long>> weights =
                new HashMap<>(); // by key and value; summed up, so order does not matter
        for (var preference : pod.spec().onNodes().interPodAffinity().preferred()) {
            cluster.groups.forEach((group, nodes) -> {
                if (cluster.means(preference.term(), group.namespace(), group.labels())) {
                    weigh(weights, preference, nodes);
                }
            });
        }
        cluster.scored.forEach((preference, nodes) -> {
            if (cluster.means(preference.term(), pod)) {
                weigh(weights, preference, nodes);
            }
        });
        var scores = raw(
                candidates,
                node -> weights.entrySet().stream()
                        .mapToLong(entry -> {
                            var value = node.label(entry.getKey());
                            return value == null ? 0 : entry.getValue().getOrDefault(value, 0L);
                        })
                        .sum());
        long least = Arrays.stream(scores).min().orElse(0);
        long range = Arrays.stream(scores).max().orElse(0) - least;
        return Arrays.stream(scores)
                .map(score -> range == 0 ? 0 : (long) (FULL * ((double) (score - least) / range)))
                .toArray();
    }

    private static void weigh(
            Map<String, Map<String, Long>> weights, WeightedTerm preference, Map<NodeState, Integer> countByNode) {
        var byValue = weights.computeIfAbsent(preference.term().topologyKey(), key -> new HashMap<>());
        countByNode.forEach((node, count) -> {
            var value = node.isKnown() ? node.label(preference.term().topologyKey()) : null;
            if (value != null) {
                byValue.merge(value, (long) preference.weight() * count, Long::sum);
            }
        });
    }

    /** The mean share, of CPU and memory and of GPUs where requested, that is free (or taken) with the pod. */
    private long allocation(Pod pod, NodeState node) {
        long sum = 0;
        int weights = 0;
        for (var name : List.of(ResourceList.CPU, ResourceList.MEMORY, ResourceList.GPU)) {
            long asked = pod.spec().requestList().get(name);
            long allocatable = node.node().allocatable().get(name);
            if (allocatable == 0 || (name.equals(ResourceList.GPU) && asked == 0)) {
                continue;
            }
            long taken = Math.min(allocatable, node.requested().get(name) + asked);
            long share = scoring == Scoring.LEAST_ALLOCATED ? allocatable - taken : taken;
            sum += (long) ((double) share * FULL / allocatable);
            weights++;
        }
        return weights == 0 ? 0 : sum / weights;
    }
}
