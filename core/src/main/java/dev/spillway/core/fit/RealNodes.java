package dev.spillway.core.fit;

import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.DisruptionBudget;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Shortage;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.VolumeBinding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the cluster with what runs on them or is on its way there, and the search for a real one that takes a pod, as
 * kube-scheduler's default profile would find it. Virtual nodes are topology domains like any other; they are not searched, but say
 * what speaks against a pod. Owned by the engine's thread; the same facts in the same order give the same answers.
 */
public final class RealNodes implements NodeSearch {
    /** Who goes first: higher priority, then the older, then the smaller UID. */
    private static final Comparator<Pod> IN_TURN = Comparator.comparingInt(
                    (Pod pod) -> pod.spec().priority())
            .reversed()
            .thenComparingLong(Pod::createdSeconds)
            .thenComparing(Pod::uid);

    private static final Unfit KEPT = Unfit.ofRealNode("node(s) where room is being made for another pod");

    private final Scoring scoring;
    private final Cluster cluster = new Cluster();
    private final Map<PodUid, Pod> nominated = new TreeMap<>(); // on the node where room is being made for them
    private final List<Pod> changedPods = new ArrayList<>();
    private boolean changedNodes;

    /** Knows no node yet. */
    public RealNodes(Scoring scoring) {
        this.scoring = scoring;
    }

    /** A node is there, new or changed; true where that may let a pod onto it that it did not take before. */
    public boolean nodeSeen(Node node) {
        var before = cluster.node(node.name());
        boolean changed = before == null || !before.node().equals(node);
        boolean wasReal = before != null && !before.isVirtual();
        cluster.put(node);
        changedNodes |= changed;
        return changed && (wasReal || !node.isVirtual());
    }

    /** A node is gone; false where no real one of that name was known. Its pods count again should it come back. */
    public boolean nodeGone(NodeName name) {
        var before = cluster.node(name);
        boolean wasReal = before != null && !before.isVirtual();
        cluster.removeNode(name);
        changedNodes |= before != null;
        return wasReal;
    }

    /**
     * A pod of the cluster, whoever placed it: it counts on its node until it ends, also while it is being deleted. A record without a
     * node takes an assumption back, so records older than the assumption must be held back. True where room may have come free on a
     * real node.
     */
    public boolean podSeen(Pod pod) {
        var node = pod.node();
        if (node == null || pod.phase().isTerminal()) {
            var awaited = pod.deleting() || pod.phase().isTerminal() ? null : nominated.get(pod.uid());
            boolean freed = podGone(pod.uid());
            if (awaited != null) {
                nominated.put(
                        pod.uid(), awaited); // the room that is being made is the pod's, whatever else of it changes
            }
            return freed;
        }
        var before = cluster.placed(pod.uid());
        if (isSame(before, pod)) {
            if (!isOnRealNode(pod)) {
                cluster.renew(
                        pod); // else the older record would be kept for nothing else; where pods may have to leave it
                // has a say
            }
            settled(pod.uid());
            return false;
        }
        nominated.remove(pod.uid());
        place(pod, node);
        return before != null && isOnRealNode(before);
    }

    private void place(Pod pod, NodeName node) {
        var before = cluster.placed(pod.uid());
        if (before != null) {
            changedPods.add(before);
        }
        cluster.add(pod, node);
        changedPods.add(pod);
    }

    private boolean isOnRealNode(Pod pod) {
        var name = pod.node();
        var state = name == null ? null : cluster.node(name);
        return state == null || !state.isVirtual();
    }

    private static boolean isSame(@Nullable Pod before, Pod pod) {
        return before != null
                && before.spec().equals(pod.spec())
                && before.labels().equals(pod.labels())
                && before.deleting() == pod.deleting()
                && pod.node() != null
                && pod.node().equals(before.node());
    }

    /** A pod is gone; true where that freed room on a real node. */
    public boolean podGone(PodUid uid) {
        var counted = cluster.placed(uid);
        nominated.remove(uid);
        if (counted == null) {
            return false;
        }
        boolean wasReal = isOnRealNode(counted);
        cluster.remove(uid);
        changedPods.add(counted);
        return wasReal;
    }

    /**
     * The pod is on its way to the node: it counts there from now on, until {@link #podSeen} says otherwise.
     *
     * @param labels what it will have there beyond its own
     */
    public void assume(Pod pod, NodeName node, Labels labels, Certainty certainty) {
        nominated.remove(pod.uid());
        place(pod.bound(node, labels, Labels.empty()), node);
        cluster.certainty(pod.uid(), certainty);
    }

    /** What was asked for it is there: the pod is as good as on its node. */
    public void settled(PodUid uid) {
        if (cluster.certainty(uid) != Certainty.SURE) {
            become(uid, Certainty.SURE);
        }
    }

    /** It may not come to where it counts: what was asked for it may not be there, or not for long. */
    public void doubted(PodUid uid) {
        become(uid, Certainty.DOUBTED);
    }

    private void become(PodUid uid, Certainty certainty) {
        var pod = cluster.placed(uid);
        if (pod != null) {
            cluster.certainty(uid, certainty);
            changedPods.add(pod);
        }
    }

    /**
     * What changed since the last call that may let a pod onto a node where others kept it out, or were lacking.
     *
     * @param everything whether all such pods are concerned, for nodes or namespaces changed
     * @param pods who came, went or changed, as they were and as they are
     */
    public record Changes(boolean everything, List<Pod> pods) {
        /** None. */
        public static final Changes NONE = new Changes(false, List.of());

        public Changes {
            pods = List.copyOf(pods);
        }
    }

    /** Says it once. */
    public Changes takeChanges() {
        if (!changedNodes && changedPods.isEmpty()) {
            return Changes.NONE;
        }
        var changes = new Changes(changedNodes, changedPods);
        changedNodes = false;
        changedPods.clear();
        return changes;
    }

    /** Whether a change of one pod may matter to pods of this namespace that carry these labels and rules. */
    public boolean concerns(String namespace, Labels labels, NodeRules rules, Pod changed) {
        for (var rule : rules.spread()) {
            if (rule.hard()
                    && namespace.equals(changed.key().namespace())
                    && rule.selector().selects(changed.labels())) {
                return true;
            }
        }
        var company = rules.interPodAffinity();
        return company.near().stream().anyMatch(term -> cluster.means(term, changed))
                || company.far().stream().anyMatch(term -> cluster.means(term, changed))
                || changed.spec().onNodes().interPodAffinity().far().stream()
                        .anyMatch(term -> cluster.means(term, namespace, labels));
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
        changedNodes |= !labels.equals(cluster.namespace(name));
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
        return takesWithout(pod, name, List.of(pod));
    }

    /** Whether the node would take the pod without these, which count there or have gone already. */
    public boolean takesWithout(Pod pod, NodeName name, List<Pod> leaving) {
        var state = cluster.node(name);
        if (state == null || state.isVirtual()) {
            return false;
        }
        var there = leaving.stream()
                .map(other -> cluster.placed(other.uid()))
                .filter(Objects::nonNull)
                .toList();
        return cluster.without(there, () -> new Constraints(pod, cluster).unfit(state) == null);
    }

    @Override
    public boolean dependsOnPods(Pod pod) {
        return pod.spec().onNodes().dependOnPods() || !cluster.far.isEmpty();
    }

    @Override
    public Zones zones(Pod pod) {
        var constraints = new Constraints(pod, cluster);
        var hope = new Hope(pod);
        return name -> {
            var state = cluster.node(name);
            if (state == null) {
                return new Barrier(ConstraintKind.NODE, "does not exist yet", false);
            }
            var unfit = constraints.unfit(state);
            return unfit == null
                    ? null
                    : new Barrier(
                            unfit.kind(), unfit.clause().get(), unfit.kind().isAboutPods() && hope.isFor(state));
        };
    }

    /** Whether a node, which other pods keep this one from, takes it if regions give what is being asked for. */
    private final class Hope {
        private final Pod pod;
        private @Nullable Constraints constraints; // seldom needed

        private Hope(Pod pod) {
            this.pod = pod;
        }

        boolean isFor(NodeState state) {
            if (cluster.unsure(Trust.SURE).isEmpty()) {
                return false;
            }
            var hopeful = constraints;
            if (hopeful == null) {
                hopeful = new Constraints(pod, cluster, Trust.HOPED);
                constraints = hopeful;
            }
            return hopeful.unfit(state) == null;
        }
    }

    @Override
    public Found find(Pod pod, Predicate<Node> within) {
        var constraints = new Constraints(pod, cluster);
        var fit = new ArrayList<NodeState>();
        var reasons = new TreeMap<String, Integer>();
        var apart = new ArrayList<NodeState>();
        var mostFree = new TreeMap<String, Long>();
        for (var state : cluster.realNodes()) {
            if (!within.test(state.node())) {
                continue;
            }
            var unfit = constraints.unfit(state);
            if (unfit == null && isKeptForOthers(pod, state)) {
                unfit = KEPT;
            }
            if (unfit == null) {
                fit.add(state);
            } else {
                reasons.merge(unfit.words(), 1, Integer::sum);
                var missing = unfit.missing();
                if (missing != null) {
                    mostFree.merge(missing, Capacity.free(state, missing), Math::max);
                }
                if (unfit.kind().isAboutPods()) {
                    apart.add(state);
                }
            }
        }
        var best = new Score(scoring, cluster).best(pod, fit);
        return best == null
                ? new Found.Nowhere(
                        reasons,
                        shortages(pod, mostFree),
                        !apart.isEmpty(),
                        apart.stream().anyMatch(new Hope(pod)::isFor))
                : new Found.On(best.node().name());
    }

    private static List<Shortage> shortages(Pod pod, Map<String, Long> mostFreeByResource) {
        return mostFreeByResource.entrySet().stream()
                .map(entry -> {
                    var resource = entry.getKey();
                    long asked = pod.spec().requestList().get(resource);
                    return new Shortage(Unfit.ofShortage(resource).words(), resource, asked, entry.getValue());
                })
                .toList();
    }

    /** Whether the node, which takes the pod as it is, would not with those on it for whom room is being made there. */
    private boolean isKeptForOthers(Pod pod, NodeState state) {
        var others = awaitedBefore(pod, state);
        return !others.isEmpty() && cluster.with(others, () -> new Constraints(pod, cluster).unfit(state) != null);
    }

    /**
     * Those of the pod's priority or a higher one for whom room is being made on the node. Where room is being made there for the pod,
     * too, only those that stand before it: else two would wait for each other, and the room that is there for one of them stay empty.
     */
    private List<Pod> awaitedBefore(Pod pod, NodeState state) {
        if (nominated.isEmpty()) {
            return List.of(); // nearly always, and asked of each node
        }
        var own = nominated.get(pod.uid());
        boolean isAwaited = own != null && state.node().name().equals(own.node());
        return nominated.values().stream()
                .filter(other -> state.node().name().equals(other.node())
                        && !other.uid().equals(pod.uid())
                        && (isAwaited
                                ? IN_TURN.compare(other, pod) < 0
                                : other.spec().priority() >= pod.spec().priority()))
                .toList();
    }

    /** All nodes that take the pod, in order of name; virtual ones as far as constraints have a say there. */
    public List<NodeName> feasible(Pod pod) {
        var constraints = new Constraints(pod, cluster);
        return cluster.nodes().stream()
                .filter(state -> constraints.unfit(state) == null)
                .map(state -> state.node().name())
                .toList();
    }

    @Override
    public @Nullable Room makeRoom(Pod pod, Predicate<Node> within) {
        return new Eviction(cluster, pod, state -> awaitedBefore(pod, state)).search(within);
    }
}
