package dev.spillway.core.engine;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.ledger.Ledger;
import dev.spillway.core.placement.DeletionCost;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.policy.Unit;
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
    private final Explainer explainer;
    private Consumer<UnitCounts.Slot> freed = slot -> {};

    Counting(Parts parts, Explainer explainer) {
        this.settings = parts.settings();
        this.world = parts.world();
        this.ledger = parts.ledger();
        this.counts = parts.counts();
        this.writes = parts.writes();
        this.explainer = explainer;
    }

    /** Who is told of a slot that became free. */
    void onFreed(Consumer<UnitCounts.Slot> listener) {
        freed = listener;
    }

    /** The pod is on its way into a unit, by a claim or by a binding to a real node; 0 for outside every unit. */
    void onTheWay(PodState state, PolicyKey key, int unit) {
        var policy = world.policies.get(key);
        var pod = state.pod;
        if (unit == 0 || policy == null || pod.node() != null) {
            return; // a bound pod counts where it is, whatever instance of it turns up elsewhere
        }
        set(pod.uid(), onTheWay(policy, unit, pod));
    }

    /** How a pod counts that is on its way into a unit. */
    static UnitCounts.Member onTheWay(Policy policy, int unit, Pod pod) {
        return new UnitCounts.Member(
                new UnitCounts.Slot(policy.key(), unit),
                policy.counting().group(pod.labels()),
                pod.spec().requestList(),
                true,
                pod.deleting());
    }

    /** The pod is on its way no longer; from now on only what the pod itself shows counts. */
    void arrived(PodUid uid, @Nullable PodState state) {
        set(uid, state == null ? null : memberOf(state.pod));
    }

    /** The pod changed. A slot taken on the way stays until the way ends. */
    void podChanged(PodState state) {
        var pod = state.pod;
        if (pod.node() != null || (ledger.claim(pod.uid()) == null && state.toNode == null)) {
            set(pod.uid(), memberOf(pod));
        }
        rank(state);
    }

    /** Whether another process reserved a slot for the pod, which nobody else can take. */
    boolean hasReservedSlot(PodUid uid) {
        return counts.hasReserved(uid);
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

    private void set(PodUid uid, UnitCounts.@Nullable Member member) {
        var free = counts.set(uid, member);
        if (free != null) {
            freed.accept(free);
        }
    }

    /** The unit in which a bound pod is, null where it is in none. */
    private UnitCounts.@Nullable Member memberOf(Pod pod) {
        if (pod.node() == null || pod.phase().isTerminal()) {
            return null;
        }
        var placedBy = pod.annotations().get(Names.POLICY);
        var policy = placedBy == null
                ? speaking(pod)
                : world.policies.get(new PolicyKey(pod.key().namespace(), placedBy));
        if (policy == null) {
            return null;
        }
        int unit = unitOf(pod, policy);
        if (unit == 0) {
            return null;
        }
        var rule = policy.counting();
        boolean counts = !(pod.deleting() && rule.ignoreTerminatingPod())
                && !(rule.ignorePreviousPod() && isPrevious(pod, policy));
        return new UnitCounts.Member(
                new UnitCounts.Slot(policy.key(), unit),
                rule.group(pod.labels()),
                pod.spec().requestList(),
                counts,
                pod.deleting());
    }

    /** Whether the pod was scheduled before the policy was created; at the same second, whether the policy did not place it. */
    private static boolean isPrevious(Pod pod, Policy policy) {
        boolean placedByIt = policy.key().name().equals(pod.annotations().get(Names.POLICY));
        return pod.scheduledSeconds() < policy.createdSeconds()
                || (pod.scheduledSeconds() == policy.createdSeconds() && !placedByIt);
    }

    /**
     * The unit that counts the pod, by position; 0 for none. A pod that this generation of the policy placed is where it was
     * placed. Any other is where its node and metadata belong, by preference where it was placed.
     */
    private int unitOf(Pod pod, Policy policy) {
        boolean placed = policy.key().name().equals(pod.annotations().get(Names.POLICY));
        int was = placed ? number(pod.annotations().getOr(Names.UNIT, "0")) : 0;
        if (placed
                && was <= policy.units().size()
                && pod.annotations().has(Names.POLICY_GENERATION, Long.toString(policy.generation()))) {
            return was;
        }
        if (was >= 1
                && was <= policy.units().size()
                && belongs(pod, policy.units().get(was - 1))) {
            return was;
        }
        for (int position = 1; position <= policy.units().size(); position++) {
            if (belongs(pod, policy.units().get(position - 1))) {
                return position;
            }
        }
        return 0;
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

    /** Whether the pod's node is one of the unit's. */
    private boolean holds(Unit unit, Pod pod) {
        var name = pod.node();
        var node = name == null ? null : world.node(name);
        return node != null
                && unit.resource().isRegional() == node.labels().has(Names.TYPE, Names.VIRTUAL_KUBELET)
                && node.labels().containsAll(unit.nodeSelector());
    }

    /** The same, and the pod carries the unit's metadata (E36, E37). */
    private boolean belongs(Pod pod, Unit unit) {
        return holds(unit, pod)
                && pod.labels().containsAll(unit.ownLabels())
                && pod.annotations().containsAll(unit.podAnnotations());
    }

    /** The unit by which a pod is ranked that no policy placed: the one that counts it, else the first whose nodes hold it (spec Q16). */
    private int rankedBy(Pod pod, Policy policy) {
        int counted = unitOf(pod, policy);
        if (counted > 0) {
            return counted;
        }
        for (int position = 1; position <= policy.units().size(); position++) {
            if (holds(policy.units().get(position - 1), pod)) {
                return position;
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
        int position = rankedBy(pod, policy);
        int cost = position == 0
                ? DeletionCost.OUTSIDE
                : DeletionCost.of(policy.units().get(position - 1), position);
        if (!pod.annotations().has(Names.DELETION_COST, Integer.toString(cost))) {
            var rank = Labels.of(
                    Names.DELETION_COST,
                    Integer.toString(cost),
                    Names.RANKED_BY,
                    policy.key().name());
            if (writes.annotate(state, rank)) {
                explainer.costOverwritten(pod.key(), pod.uid(), pod.annotations(), rank);
            }
        }
    }
}
