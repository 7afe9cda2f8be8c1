package dev.spillway.core.fit;

import dev.spillway.core.model.Node;
import dev.spillway.core.model.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * As kube-scheduler's DefaultPreemption does it. On each node: all pods of lower priority leave; does the pod fit then? If so, they come
 * back one after another as long as it still fits: first those whose loss breaks a disruption budget, then the others, each from the
 * most important down. Who cannot come back is a victim. Of the nodes, the one with the fewest broken budgets, then the lowest highest
 * priority among its victims, the smallest sum of priorities, the fewest victims, the latest start of the longest running one of highest
 * priority, then the smaller name. Unlike kube-scheduler, every node is tried, not a random tenth of them: the answer is repeatable.
 */

/** Finds the node where the least harm is done to make room for a pod. */
final class Eviction {
    /** Most important first: higher priority, then longer running, then by UID. */
    private static final Comparator<Pod> IMPORTANCE = Comparator.comparingInt(
                    (Pod pod) -> pod.spec().priority())
            .reversed()
            .thenComparingLong(Eviction::started)
            .thenComparing(Pod::uid);

    private static final Comparator<Plan> HARM = Comparator.comparingInt(Plan::broken)
            .thenComparingInt(plan -> plan.victims().getFirst().spec().priority())
            .thenComparingLong(Plan::sum)
            .thenComparingInt(plan -> plan.victims().size())
            .thenComparing(Comparator.comparingLong(Plan::earliest).reversed())
            .thenComparing(plan -> plan.node().node().name());

    private final Cluster cluster;
    private final Pod pod;
    private final Function<NodeState, List<Pod>> awaited;

    /** {@code awaited}: for whom else room is being made on a node, and who goes before this pod there. */
    Eviction(Cluster cluster, Pod pod, Function<NodeState, List<Pod>> awaited) {
        this.cluster = cluster;
        this.pod = pod;
        this.awaited = awaited;
    }

    /** {@code victims}: most important first, at least one; {@code broken}: those beyond what disruption budgets allow. */
    private record Plan(NodeState node, List<Pod> victims, int broken) {
        /** kube-scheduler's sum, shifted so that a further victim of negative priority is not a gain. */
        long sum() {
            return victims.stream()
                    .mapToLong(victim -> (long) victim.spec().priority() + Integer.MAX_VALUE + 1)
                    .sum();
        }

        long earliest() {
            int highest = victims.getFirst().spec().priority();
            return victims.stream()
                    .filter(victim -> victim.spec().priority() == highest)
                    .mapToLong(Eviction::started)
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }

    /** Null where it is not allowed, helps nowhere, or is under way already. */
    NodeSearch.@Nullable Room search(Predicate<Node> within) {
        if (!pod.spec().onNodes().preempts()) {
            return null;
        }
        var plans = new ArrayList<Plan>();
        for (var node : cluster.realNodes()) {
            if (within.test(node.node())) {
                var plan = plan(node);
                if (plan != null) {
                    plans.add(plan);
                }
            }
        }
        return plans.stream()
                .min(HARM)
                .map(plan -> new NodeSearch.Room(plan.node().node().name(), plan.victims()))
                .orElse(null);
    }

    private @Nullable Plan plan(NodeState node) {
        var lower = node.pods().stream()
                .filter(other -> other.spec().priority() < pod.spec().priority())
                .sorted(IMPORTANCE)
                .toList();
        // A deletion under way makes room by itself; whoever waits for it must not cause another.
        if (lower.isEmpty() || lower.stream().anyMatch(Pod::deleting)) {
            return null;
        }
        if (!fitsWithout(lower, node)) {
            return null;
        }
        var protectedOnes = protectedBy(lower);
        var leaving = new ArrayList<>(lower);
        int broken = 0;
        for (var candidate : lower) {
            broken += protectedOnes.contains(candidate) && !reprieve(candidate, leaving, node) ? 1 : 0;
        }
        for (var candidate : lower) {
            if (!protectedOnes.contains(candidate)) {
                reprieve(candidate, leaving, node);
            }
        }
        return leaving.isEmpty() ? null : new Plan(node, List.copyOf(leaving), broken);
    }

    private boolean reprieve(Pod candidate, List<Pod> leaving, NodeState node) {
        var rest = new ArrayList<>(leaving);
        rest.remove(candidate);
        boolean stays = fitsWithout(rest, node);
        if (stays) {
            leaving.remove(candidate);
        }
        return stays;
    }

    private boolean fitsWithout(List<Pod> leaving, NodeState node) {
        return cluster.without(
                leaving,
                () -> cluster.with(awaited.apply(node), () -> new Constraints(pod, cluster).unfit(node) == null));
    }

    /** Those whose loss, in this order, breaks a disruption budget. */
    private List<Pod> protectedBy(List<Pod> victims) {
        Map<String, Integer> left = new HashMap<>(); // only looked up
        var found = new ArrayList<Pod>();
        for (var victim : victims) {
            boolean breaks = false;
            for (var budget : cluster.budgets()) {
                if (budget.namespace().equals(victim.key().namespace())
                        && !victim.labels().isEmpty()
                        && !budget.selector().selectsEverything()
                        && budget.selector().selects(victim.labels())) {
                    int remaining =
                            left.merge(budget.name() + "/" + budget.namespace(), -1, (have, minus) -> have + minus);
                    breaks |= budget.disruptionsAllowed() + remaining < 0;
                }
            }
            if (breaks) {
                found.add(victim);
            }
        }
        return found;
    }

    private static long started(Pod pod) {
        return pod.scheduledSeconds() == Long.MAX_VALUE ? pod.createdSeconds() : pod.scheduledSeconds();
    }
}
