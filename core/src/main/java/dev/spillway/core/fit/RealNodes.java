package dev.spillway.core.fit;

import dev.spillway.core.cluster.Node;
import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.placement.NodeSearch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The real nodes of the cluster with what runs on them, and the search for one that takes a pod. Virtual nodes are none of its
 * business. Owned by the engine's thread; the same facts in the same order give the same answers.
 */
public final class RealNodes implements NodeSearch {
    private static final List<Constraint> CONSTRAINTS =
            List.of(new Unsupported(), new Unschedulable(), new Taints(), new Selector(), new Capacity());

    private final Score score;
    private final TreeMap<NodeName, NodeState> nodes = new TreeMap<>();

    /** Where each pod counts; also for nodes that are not known (yet). Only looked up, never iterated. */
    private final Map<PodUid, Pod> placed = new HashMap<>();

    private final TreeMap<NodeName, List<PodUid>> elsewhere = new TreeMap<>();

    /** Knows no node yet. */
    public RealNodes(Scoring scoring) {
        this.score = new Score(scoring);
    }

    /** A node is there, new or changed; true where that may let a pod onto it that it did not take before. */
    public boolean nodeSeen(Node node) {
        if (node.isVirtual()) {
            return nodeGone(node.name());
        }
        var state = nodes.get(node.name());
        if (state == null) {
            state = new NodeState(node);
            nodes.put(node.name(), state);
            for (var uid : elsewhere.getOrDefault(node.name(), List.of())) {
                var pod = placed.get(uid);
                if (pod != null) {
                    state.add(pod);
                }
            }
            elsewhere.remove(node.name());
            return true;
        }
        boolean changed = !state.node().equals(node);
        state.node(node);
        return changed;
    }

    /** A node is gone; false where it was not known. */
    public boolean nodeGone(NodeName name) {
        var state = nodes.remove(name);
        if (state == null) {
            return false;
        }
        for (var pod : state.pods()) {
            elsewhere.computeIfAbsent(name, n -> new ArrayList<>()).add(pod.uid());
        }
        return true;
    }

    /** A pod of the cluster, whoever placed it: it counts on its node until it ends. True where room may have come free. */
    public boolean podSeen(Pod pod) {
        if (pod.node() == null || pod.phase().isTerminal()) {
            return podGone(pod.uid());
        }
        var before = placed.get(pod.uid());
        if (before != null
                && pod.node().equals(before.node())
                && pod.spec().equals(before.spec())
                && pod.labels().equals(before.labels())
                && pod.deleting() == before.deleting()) {
            return false;
        }
        boolean freed = podGone(pod.uid());
        enter(pod, pod.node());
        return freed;
    }

    /** A pod is gone; true where that freed room. */
    public boolean podGone(PodUid uid) {
        var before = placed.remove(uid);
        var name = before == null ? null : before.node();
        if (name == null) {
            return false;
        }
        var state = nodes.get(name);
        if (state != null) {
            state.remove(uid);
            return true;
        }
        var waiting = elsewhere.get(name);
        if (waiting != null && waiting.remove(uid) && waiting.isEmpty()) {
            elsewhere.remove(name);
        }
        return false;
    }

    /** The pod is being bound to the node: it counts there from now on, until {@link #podSeen} says otherwise. */
    public void assume(Pod pod, NodeName node) {
        podGone(pod.uid());
        enter(pod.on(node), node);
    }

    private void enter(Pod pod, NodeName name) {
        placed.put(pod.uid(), pod);
        var state = nodes.get(name);
        if (state != null) {
            state.add(pod);
        } else {
            elsewhere.computeIfAbsent(name, n -> new ArrayList<>()).add(pod.uid());
        }
    }

    /** Whether a pod that is assumed on a node still fits there, itself not counted. */
    public boolean stillTakes(Pod pod, NodeName name) {
        var state = nodes.get(name);
        return state != null && unfit(pod, state.without(List.of(pod.uid()))) == null;
    }

    @Override
    public Found find(Pod pod, Predicate<Node> within) {
        var fit = new ArrayList<NodeState>();
        var reasons = new TreeMap<String, Integer>();
        for (var state : nodes.values()) {
            if (!within.test(state.node())) {
                continue;
            }
            var reason = unfit(pod, state);
            if (reason == null) {
                fit.add(state);
            } else {
                reasons.merge(reason, 1, Integer::sum);
            }
        }
        var best = score.best(pod, fit);
        return best == null
                ? new Found.Nowhere(reasons)
                : new Found.On(best.node().name());
    }

    /** All nodes that take the pod, in order of name. */
    public List<NodeName> feasible(Pod pod) {
        return nodes.values().stream()
                .filter(state -> unfit(pod, state) == null)
                .map(state -> state.node().name())
                .toList();
    }

    private static @Nullable String unfit(Pod pod, NodeState state) {
        for (var constraint : CONSTRAINTS) {
            var reason = constraint.unfit(pod, state);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    @Override
    public @Nullable Room makeRoom(Pod pod, Predicate<Node> within) {
        return null;
    }
}
