package dev.spillway.core.fit;

import dev.spillway.core.cluster.DisruptionBudget;
import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Node;
import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.cluster.StorageObject;
import dev.spillway.core.cluster.VolumeBinding;
import dev.spillway.core.placement.NodeSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The real nodes of the cluster with what runs on them, and the search for one that takes a pod, as kube-scheduler's default profile
 * would find it. Virtual nodes are counted as topology domains and never found. Owned by the engine's thread; the same facts in the
 * same order give the same answers.
 */
public final class RealNodes implements NodeSearch {
    private static final String KEPT = "node(s) where room is being made for another pod";

    private final Scoring scoring;
    private final Cluster cluster = new Cluster();
    private final Map<PodUid, Pod> nominated = new TreeMap<>(); // on the node where room is being made for them

    /** Knows no node yet. */
    public RealNodes(Scoring scoring) {
        this.scoring = scoring;
    }

    /** A node is there, new or changed; true where that may let a pod onto it that it did not take before. */
    public boolean nodeSeen(Node node) {
        var before = cluster.node(node.name());
        boolean changed = before == null || !before.node().equals(node);
        boolean wasReal = before != null && !before.node().isVirtual();
        cluster.put(node);
        return changed && (wasReal || !node.isVirtual());
    }

    /** A node is gone; false where no real one of that name was known. Its pods count again should it come back. */
    public boolean nodeGone(NodeName name) {
        var before = cluster.node(name);
        boolean wasReal = before != null && !before.node().isVirtual();
        cluster.removeNode(name);
        return wasReal;
    }

    /**
     * A pod of the cluster, whoever placed it: it counts on its node until it ends, also while it is being deleted. A record without a
     * node takes an assumption back, so records older than the assumption must be held back. True where room may have come free.
     */
    public boolean podSeen(Pod pod) {
        var node = pod.node();
        if (node == null || pod.phase().isTerminal()) {
            return podGone(pod.uid());
        }
        var before = cluster.placed(pod.uid());
        if (isSame(before, pod)) {
            return false;
        }
        nominated.remove(pod.uid());
        cluster.add(pod, node);
        return before != null;
    }

    /** Whether the pod counts on a node. */
    public boolean counts(PodUid uid) {
        return cluster.placed(uid) != null;
    }

    private static boolean isSame(@Nullable Pod before, Pod pod) {
        return before != null
                && before.spec().equals(pod.spec())
                && before.labels().equals(pod.labels())
                && before.deleting() == pod.deleting()
                && pod.node() != null
                && pod.node().equals(before.node());
    }

    /** A pod is gone; true where that freed room. */
    public boolean podGone(PodUid uid) {
        boolean counted = cluster.placed(uid) != null;
        nominated.remove(uid);
        cluster.remove(uid);
        return counted;
    }

    /** The pod is being bound to the node: it counts there from now on, until {@link #podSeen} says otherwise. */
    public void assume(Pod pod, NodeName node) {
        nominated.remove(pod.uid());
        cluster.add(pod.on(node), node);
    }

    /** Room is being made for the pod on the node: pods of its priority or a lower one leave it to it, until {@link #noLongerNominated}. */
    public void nominate(Pod pod, NodeName node) {
        nominated.put(pod.uid(), pod.on(node));
    }

    /** The pod has no claim to a node any more. */
    public void noLongerNominated(PodUid uid) {
        nominated.remove(uid);
    }

    /** A namespace is there, new or changed: namespace selectors of pod affinity look at its labels. */
    public void namespaceSeen(String name, Labels labels) {
        cluster.namespace(name, labels);
    }

    /** A namespace is gone. */
    public void namespaceGone(String name) {
        cluster.namespace(name, null);
    }

    /** An object of storage is there, new or changed; true where that may let a pod onto a node that did not take it before. */
    public boolean storageSeen(StorageObject object) {
        return cluster.storage.put(object);
    }

    /** An object of storage is gone. */
    public void storageGone(StorageObject.Id id) {
        cluster.storage.remove(id);
    }

    /** A claim as the API server last told, without what is assumed; null where there is none. */
    public StorageObject.@Nullable Claim claim(StorageObject.Id id) {
        return cluster.storage.seenClaim(id);
    }

    /** What has to be written before the pod may be bound to a node that takes it: for each claim that waits for its first consumer. */
    public List<VolumeBinding> volumesFor(Pod pod, NodeName name) {
        var state = cluster.node(name);
        if (state == null || pod.spec().onNodes().claims().isEmpty()) {
            return List.of();
        }
        var bindings = new Claims(pod, cluster).bindings(state);
        return bindings == null ? List.of() : bindings;
    }

    /** These are being written: they hold for all other pods, until {@link #releaseVolumes}. */
    public void assumeVolumes(List<VolumeBinding> bindings) {
        bindings.forEach(cluster.storage::assume);
    }

    /** They are written, or will not be. */
    public void releaseVolumes(List<VolumeBinding> bindings) {
        bindings.forEach(cluster.storage::release);
    }

    /** A disruption budget is there, new or changed. */
    public void podDisruptionBudgetSeen(DisruptionBudget budget) {
        cluster.budget(budget);
    }

    /** A disruption budget is gone. */
    public void podDisruptionBudgetGone(String namespace, String name) {
        cluster.removeBudget(namespace, name);
    }

    /** Whether a pod that is assumed on a node still fits there, itself not counted. */
    public boolean stillTakes(Pod pod, NodeName name) {
        var state = cluster.node(name);
        if (state == null || state.node().isVirtual()) {
            return false;
        }
        var counted = cluster.placed(pod.uid());
        return cluster.without(
                counted == null ? List.of() : List.of(counted),
                () -> new Constraints(pod, cluster).unfit(state) == null);
    }

    /** Whether the node would take the pod without these, which count there or have gone already. */
    public boolean takesWithout(Pod pod, NodeName name, List<Pod> leaving) {
        var state = cluster.node(name);
        if (state == null || state.node().isVirtual()) {
            return false;
        }
        var there = leaving.stream()
                .map(other -> cluster.placed(other.uid()))
                .filter(Objects::nonNull)
                .toList();
        return cluster.without(there, () -> new Constraints(pod, cluster).unfit(state) == null);
    }

    @Override
    public Found find(Pod pod, Predicate<Node> within) {
        var constraints = new Constraints(pod, cluster);
        var fit = new ArrayList<NodeState>();
        var reasons = new TreeMap<String, Integer>();
        for (var state : cluster.realNodes()) {
            if (!within.test(state.node())) {
                continue;
            }
            var reason = constraints.unfit(state);
            if (reason == null && isKeptForOthers(pod, state)) {
                reason = KEPT;
            }
            if (reason == null) {
                fit.add(state);
            } else {
                reasons.merge(reason, 1, Integer::sum);
            }
        }
        var best = new Score(scoring, cluster).best(pod, fit);
        return best == null
                ? new Found.Nowhere(reasons)
                : new Found.On(best.node().name());
    }

    /** Whether the node, which takes the pod as it is, would not with those on it for whom room is being made there. */
    private boolean isKeptForOthers(Pod pod, NodeState state) {
        var others = awaitedBefore(pod, state);
        return !others.isEmpty() && cluster.with(others, () -> new Constraints(pod, cluster).unfit(state) != null);
    }

    /** Those of the pod's priority or a higher one for whom room is being made on the node. */
    private List<Pod> awaitedBefore(Pod pod, NodeState state) {
        if (nominated.isEmpty()) {
            return List.of(); // nearly always, and asked of each node
        }
        return nominated.values().stream()
                .filter(other -> state.node().name().equals(other.node())
                        && !other.uid().equals(pod.uid())
                        && other.spec().priority() >= pod.spec().priority())
                .toList();
    }

    /** All nodes that take the pod, in order of name. */
    public List<NodeName> feasible(Pod pod) {
        var constraints = new Constraints(pod, cluster);
        return cluster.realNodes().stream()
                .filter(state -> constraints.unfit(state) == null)
                .map(state -> state.node().name())
                .toList();
    }

    @Override
    public @Nullable Room makeRoom(Pod pod, Predicate<Node> within) {
        return new Eviction(cluster, pod, state -> awaitedBefore(pod, state)).search(within);
    }
}
