package dev.spillway.core.fit;

import dev.spillway.core.model.DisruptionBudget;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules.PodTerm;
import dev.spillway.core.model.NodeRules.WeightedTerm;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.StorageObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All that decides which node takes a pod. Virtual nodes are part of it, since their zones are topology domains and pods on them
 * are company. What many pods have in common is counted as pods come and go.
 */
final class Cluster {
    /** Pods that no selector can tell apart. */
    record Group(String namespace, Labels labels, boolean deleting) {}

    private final Map<NodeName, NodeState> nodes = new HashMap<>(); // in order only where asked for, in nodes()
    private final Map<PodUid, Pod> placed = new HashMap<>(); // only looked up, never iterated
    private final Map<PodUid, Certainty> notSure = new HashMap<>(); // likewise; of those placed
    private final Map<String, Labels> namespaces = new HashMap<>(); // only looked up, never iterated
    private final Map<String, DisruptionBudget> budgets = new TreeMap<>();
    private @Nullable List<NodeState> known; // null where nodes came or went since it was asked for
    private @Nullable List<NodeState> real;
    final CountsByNode<Group> groups = new CountsByNode<>();
    private final CountsByNode<Group> unsure = new CountsByNode<>(); // of the groups above: asked or doubted
    private final CountsByNode<Group> doubted = new CountsByNode<>();
    final CountsByNode<PodTerm> far = new CountsByNode<>();
    final CountsByNode<WeightedTerm> scored = new CountsByNode<>();
    final CountsByNode<StorageObject.Id> claims = new CountsByNode<>();
    final Storage storage = new Storage();

    /** All nodes that have been seen, in order of name. */
    List<NodeState> nodes() {
        var all = known;
        if (all == null) {
            all = nodes.values().stream()
                    .filter(NodeState::isKnown)
                    .sorted(Comparator.comparing(state -> state.node().name()))
                    .toList();
            known = all;
        }
        return all;
    }

    /** Those that are not virtual, likewise. */
    List<NodeState> realNodes() {
        var all = real;
        if (all == null) {
            all = nodes().stream().filter(state -> !state.isVirtual()).toList();
            real = all;
        }
        return all;
    }

    @Nullable
    NodeState node(NodeName name) {
        var state = nodes.get(name);
        return state != null && state.isKnown() ? state : null;
    }

    void put(Node node) {
        nodes.computeIfAbsent(node.name(), n -> new NodeState()).node(node);
        known = null;
        real = null;
    }

    void removeNode(NodeName name) {
        var state = nodes.get(name);
        if (state != null) {
            state.node(null);
            dropIfEmpty(name, state);
            known = null;
            real = null;
        }
    }

    private void dropIfEmpty(NodeName name, NodeState state) {
        if (!state.isKnown() && state.pods().isEmpty()) {
            nodes.remove(name);
        }
    }

    /** The pod as it counts, with its node; null where it does not count. */
    @Nullable
    Pod placed(PodUid uid) {
        return placed.get(uid);
    }

    /** Those of the {@link #groups} that are no company to rely on. */
    CountsByNode<Group> unsure(Trust trust) {
        return switch (trust) {
            case SURE -> unsure;
            case HOPED -> doubted;
        };
    }

    /** How sure it is that a pod that counts will be where it counts. */
    Certainty certainty(PodUid uid) {
        return notSure.getOrDefault(uid, Certainty.SURE);
    }

    void certainty(PodUid uid, Certainty certainty) {
        var pod = placed.get(uid);
        var name = pod == null ? null : pod.node();
        var state = name == null ? null : nodes.get(name);
        if (pod == null || state == null) {
            return;
        }
        var group = group(pod);
        switch (certainty(uid)) {
            case SURE -> {}
            case ASKED -> unsure.remove(group, state);
            case DOUBTED -> {
                unsure.remove(group, state);
                doubted.remove(group, state);
            }
        }
        switch (certainty) {
            case SURE -> notSure.remove(uid);
            case ASKED -> {
                notSure.put(uid, certainty);
                unsure.add(group, state);
            }
            case DOUBTED -> {
                notSure.put(uid, certainty);
                unsure.add(group, state);
                doubted.add(group, state);
            }
        }
    }

    void add(Pod pod, NodeName name) {
        remove(pod.uid());
        placed.put(pod.uid(), pod);
        var state = nodes.computeIfAbsent(name, n -> new NodeState());
        state.add(pod);
        groups.add(group(pod), state);
        var company = pod.spec().onNodes().interPodAffinity();
        company.far().forEach(term -> far.add(term, state));
        scoredTerms(pod).forEach(term -> scored.add(term, state));
        claimsOf(pod).forEach(id -> claims.add(id, state));
    }

    /** A newer record of a pod that counts as before: the same demands, labels and node. */
    void renew(Pod pod) {
        placed.replace(pod.uid(), pod);
        var state = pod.node() == null ? null : nodes.get(pod.node());
        if (state != null) {
            state.renew(pod);
        }
    }

    void remove(PodUid uid) {
        if (notSure.containsKey(uid)) {
            certainty(uid, Certainty.SURE);
        }
        var pod = placed.remove(uid);
        var name = pod == null ? null : pod.node();
        var state = name == null ? null : nodes.get(name);
        if (pod == null || name == null || state == null) {
            return;
        }
        state.remove(uid);
        groups.remove(group(pod), state);
        pod.spec().onNodes().interPodAffinity().far().forEach(term -> far.remove(term, state));
        scoredTerms(pod).forEach(term -> scored.remove(term, state));
        claimsOf(pod).forEach(id -> claims.remove(id, state));
        dropIfEmpty(name, state);
    }

    /** What holds when these pods have left; they are back afterwards. */
    boolean without(Collection<Pod> leaving, BooleanSupplier question) {
        leaving.forEach(pod -> remove(pod.uid()));
        try {
            return question.getAsBoolean();
        } finally {
            leaving.forEach(this::addBack);
        }
    }

    /** What would hold if these pods, which do not count, were on their nodes; they are gone afterwards. */
    boolean with(Collection<Pod> coming, BooleanSupplier question) {
        coming.forEach(this::addBack);
        try {
            return question.getAsBoolean();
        } finally {
            coming.forEach(pod -> remove(pod.uid()));
        }
    }

    private void addBack(Pod pod) {
        var name = pod.node();
        if (name != null) {
            add(pod, name);
        }
    }

    Labels namespace(String name) {
        return namespaces.getOrDefault(name, Labels.empty());
    }

    void namespace(String name, @Nullable Labels labels) {
        if (labels == null) {
            namespaces.remove(name);
        } else {
            namespaces.put(name, labels);
        }
    }

    Collection<DisruptionBudget> budgets() {
        return budgets.values();
    }

    void budget(DisruptionBudget budget) {
        budgets.put(budget.namespace() + "/" + budget.name(), budget);
    }

    void removeBudget(String namespace, String name) {
        budgets.remove(namespace + "/" + name);
    }

    /** Whether the term means the pod. */
    boolean means(PodTerm term, Pod pod) {
        return means(term, pod.key().namespace(), pod.labels());
    }

    boolean means(PodTerm term, String namespace, Labels labels) {
        return term.means(namespace, namespace(namespace), labels);
    }

    static List<StorageObject.Id> claimsOf(Pod pod) {
        return pod.spec().onNodes().claims().stream()
                .map(claim ->
                        new StorageObject.Id(StorageObject.Kind.CLAIM, pod.key().namespace(), claim.nameFor(pod.key())))
                .distinct()
                .toList();
    }

    private static Group group(Pod pod) {
        return new Group(pod.key().namespace(), pod.labels(), pod.deleting());
    }

    /** kube-scheduler lets required affinity of pods that are there attract others with weight 1 (hardPodAffinityWeight). */
    private static List<WeightedTerm> scoredTerms(Pod pod) {
        var company = pod.spec().onNodes().interPodAffinity();
        var terms = new ArrayList<>(company.preferred());
        company.near().forEach(term -> terms.add(new WeightedTerm(1, term)));
        return terms;
    }
}
