package dev.spillway.core.engine;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.ledger.Ledger;
import dev.spillway.core.placement.DeletionCost;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.policy.UnitCounts;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the units' counts true to the pods, and gives pods that stood before their policy the deletion cost of their place
 * (design section 3, "Caps" and "Deletion cost").
 */
final class Counting {
    private final Settings settings;
    private final World world;
    private final Ledger ledger;
    private final UnitCounts counts;
    private final PodWrites writes;
    private Consumer<UnitCounts.Slot> freed = slot -> {};

    Counting(Parts parts) {
        this.settings = parts.settings();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.counts = parts.counts();
        this.writes = parts.writes();
    }

    /** Who is told of a slot that became free. */
    void onFreed(Consumer<UnitCounts.Slot> listener) {
        freed = listener;
    }

    /** A claim brings the pod into a unit. */
    void onTheWay(PodUid uid, PolicyKey policy, int unit) {
        set(uid, new UnitCounts.Slot(policy, unit));
    }

    /** The pod's claim ended; from now on only what the pod itself shows counts. */
    void arrived(PodUid uid, @Nullable PodState state) {
        set(uid, state == null ? null : slotOf(state.pod));
    }

    /** The pod changed. A claim's slot stays until the claim ends, but for a pod that is ending. */
    void podChanged(PodState state) {
        var pod = state.pod;
        if (ledger.claim(pod.uid()) == null || pod.node() != null) {
            set(pod.uid(), slotOf(pod));
        }
        rank(state);
    }

    void podGone(PodUid uid) {
        set(uid, null);
    }

    /** A policy came, changed or went: looks at the pods of its namespace again. */
    void policyChanged(String namespace) {
        for (var state : world.pods()) {
            if (state.pod.key().namespace().equals(namespace) && state.pod.node() != null) {
                podChanged(state);
            }
        }
    }

    private void set(PodUid uid, UnitCounts.@Nullable Slot slot) {
        var free = counts.set(uid, slot);
        if (free != null) {
            freed.accept(free);
        }
    }

    /** The unit in which a bound pod counts, null where it counts in none. */
    private UnitCounts.@Nullable Slot slotOf(Pod pod) {
        if (pod.node() == null || pod.phase().isTerminal()) {
            return null;
        }
        var placedBy = pod.annotations().get(Names.POLICY);
        var policy = placedBy == null
                ? speaking(pod)
                : world.policies.get(new PolicyKey(pod.key().namespace(), placedBy));
        if (policy == null || (pod.deleting() && policy.ignoreTerminatingPod())) {
            return null;
        }
        int unit = placedBy == null
                ? memberOf(pod, policy)
                : number(pod.annotations().getOr(Names.UNIT, "0"));
        return unit == 0 ? null : new UnitCounts.Slot(policy.key(), unit);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The one policy that speaks about the pod, null where none or several do. */
    private @Nullable Policy speaking(Pod pod) {
        if (!pod.spec().schedulerName().equals(settings.schedulerName())) {
            return null;
        }
        var selecting = world.policies.selecting(pod.key().namespace(), pod.labels());
        return selecting.size() == 1 ? selecting.getFirst() : null;
    }

    /** Position of the first unit to which the pod's node and metadata belong (spec 1.5); 0 for none. */
    private int memberOf(Pod pod, Policy policy) {
        var name = pod.node();
        var node = name == null ? null : world.node(name);
        if (node == null) {
            return 0;
        }
        boolean virtual = node.labels().has(Names.TYPE, Names.VIRTUAL_KUBELET);
        for (int i = 0; i < policy.units().size(); i++) {
            var unit = policy.units().get(i);
            if (unit.resource().isRegional() == virtual
                    && node.labels().containsAll(unit.nodeSelector())
                    && pod.labels().containsAll(unit.podLabels().without(Names.WAIT_LABEL))) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Gives a pod that no policy placed the cost of its place. */
    private void rank(PodState state) {
        var pod = state.pod;
        if (!world.isListed()
                || pod.node() == null
                || pod.deleting()
                || pod.phase().isTerminal()
                || pod.annotations().get(Names.POLICY) != null
                || ledger.claim(pod.uid()) != null) {
            return;
        }
        var policy = speaking(pod);
        if (policy == null || !world.problemOf(policy.key()).isEmpty()) {
            return;
        }
        int position = memberOf(pod, policy);
        int cost = position == 0
                ? DeletionCost.OUTSIDE
                : DeletionCost.of(policy.units().get(position - 1), position);
        if (!pod.annotations().has(Names.DELETION_COST, Integer.toString(cost))) {
            writes.annotate(state, Labels.of(Names.DELETION_COST, Integer.toString(cost)));
        }
    }
}
