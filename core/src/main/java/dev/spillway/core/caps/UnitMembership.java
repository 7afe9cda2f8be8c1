package dev.spillway.core.caps;

import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.placement.Authority;
import dev.spillway.core.placement.DeletionCost;
import dev.spillway.core.placement.PodMarks;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.step.Agenda;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the units' counts true to the pods, and gives pods that stood before their policy the deletion cost of their place
 * (R4.4 to R4.8, R8.6).
 */
public final class UnitMembership {
    private final Settings settings;
    private final World world;
    private final Ledger ledger;
    private final UnitCounts counts;
    private final PodWrites writes;
    private final DeletionCostNotices deletionCostNotices;
    private final Agenda agenda;

    public UnitMembership(Step step, Ledger ledger, UnitCounts counts, DeletionCostNotices deletionCostNotices) {
        this.settings = step.settings();
        this.world = step.world();
        this.ledger = ledger;
        this.counts = counts;
        this.writes = step.writes();
        this.deletionCostNotices = deletionCostNotices;
        this.agenda = step.agenda();
    }

    /** The pod is on its way to a node, by an allocation or by a binding: it counts where it is going to be, as it is going to be. */
    public void onTheWay(PodState state, NodeName node, Labels labels, Labels annotations) {
        var pod = state.pod;
        if (pod.node() != null) {
            return; // a bound pod counts where it is, whatever instance of it turns up elsewhere
        }
        var member = memberOf(pod.bound(node, labels, annotations));
        set(
                pod.uid(),
                member == null
                        ? null
                        : new UnitCounts.Member(
                                member.unit(), member.group(), member.requests(), true, pod.deleting()));
    }

    /** How a pod counts to which another process has promised a slot. */
    public static UnitCounts.Member promised(Policy policy, int unit, Pod pod, Additions profile) {
        var written = PodMarks.labels(pod, policy.units().get(unit - 1), profile);
        return new UnitCounts.Member(
                new UnitKey(policy.key(), unit),
                policy.counting().group(pod.labels().with(written)),
                pod.spec().requestList(),
                true,
                pod.deleting());
    }

    /** The pod is on its way no longer; from now on only what the pod itself shows counts. */
    public void arrived(PodUid uid, @Nullable PodState state) {
        set(uid, state == null ? null : memberOf(state.pod));
    }

    /** The pod changed. A slot taken on the way stays until the way ends. */
    public void podChanged(PodState state) {
        var pod = state.pod;
        if (pod.node() != null || (ledger.allocation(pod.uid()) == null && state.nodeTarget == null)) {
            set(pod.uid(), memberOf(pod));
        }
        rank(state);
    }

    /** Whether another process reserved a slot for the pod, which nobody else can take. */
    public boolean hasReservedSlot(PodUid uid) {
        return counts.hasReserved(uid);
    }

    /** The pod is gone. What a region was asked for counts until its answer: else its slot would buy an instance for the next that goes. */
    public void podGone(PodUid uid) {
        var allocation = ledger.allocation(uid);
        if (allocation == null || !(allocation.state() instanceof AllocationState.Open)) {
            set(uid, null);
        }
    }

    /** A policy came, changed or went, or the namespace's labels did: looks at its pods again. */
    public void policyChanged(String namespace) {
        if (!world.isListed()) {
            return; // all are counted once the first lists are complete
        }
        for (var state : world.pods()) {
            if (state.pod.key().namespace().equals(namespace)) {
                again(state);
            }
        }
    }

    /** A node came, went, or has other labels. */
    public void nodeChanged(NodeName node) {
        for (var uid : world.podsOn(node)) {
            var state = world.pod(uid);
            if (state != null) {
                podChanged(state);
            }
        }
    }

    /** The first lists are complete. */
    public void clusterListed() {
        world.pods().forEach(this::again);
    }

    private void again(PodState state) {
        var allocation = ledger.allocation(state.pod.uid());
        var target = state.nodeTarget;
        if (state.pod.node() != null) {
            podChanged(state);
        } else if (allocation != null && !allocation.tags().policy().isEmpty()) {
            onTheWay(state, allocation.node(), allocation.labels(), allocation.annotations());
        } else if (target != null && target.unit() != null) {
            onTheWay(state, target.node(), target.labels(), target.annotations());
        }
    }

    private void set(PodUid uid, UnitCounts.@Nullable Member member) {
        var before = counts.member(uid);
        var free = counts.set(uid, member);
        if (!Objects.equals(before, member)) {
            recounted(before);
            recounted(member);
        }
        if (free != null) {
            agenda.slotFreed(free); // looked at when all are counted: the next one may belong there
        }
    }

    private void recounted(UnitCounts.@Nullable Member member) {
        if (member != null) {
            agenda.shown(member.unit().policy());
        }
    }

    /** The unit in which a bound pod is, null where it is in none. */
    private UnitCounts.@Nullable Member memberOf(Pod pod) {
        if (pod.node() == null || pod.phase().isTerminal()) {
            return null;
        }
        var policy = countedBy(pod);
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
                new UnitKey(policy.key(), unit),
                rule.group(pod.labels()),
                pod.spec().requestList(),
                counts,
                pod.deleting());
    }

    /**
     * The policy whose units the pod counts in: the one that placed it while that speaks for it, else the one policy that does. Neither where
     * the pod is steered past all policies (R4.6).
     */
    private @Nullable Policy countedBy(Pod pod) {
        var placing = placing(pod);
        return placing != null && !isSteered(pod) && placing.stillSelects(pod.labels()) ? placing : speaking(pod);
    }

    /** The policy that placed the pod, null where none did that is still there. */
    private @Nullable Policy placing(Pod pod) {
        var name = pod.annotations().get(Names.POLICY);
        var policy =
                name == null ? null : world.policies.get(new PolicyKey(pod.key().namespace(), name));
        return policy != null && policy.placed(pod) ? policy : null;
    }

    /** Whether the pod was scheduled before the policy was created; at the same second, whether the policy did not place it. */
    private static boolean isPrevious(Pod pod, Policy policy) {
        return pod.scheduledSeconds() < policy.createdSeconds()
                || (pod.scheduledSeconds() == policy.createdSeconds() && !policy.placed(pod));
    }

    /**
     * The unit that counts the pod, by position; 0 for none. A pod that this generation of the policy placed is where it was
     * placed. Any other is where its node and metadata belong, by preference where it was placed.
     */
    private int unitOf(Pod pod, Policy policy) {
        boolean placed = policy.placed(pod);
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

    /** Whether what the pod will carry is not decided: its binding may be under way. */
    private boolean isOnTheWay(PodUid uid) {
        var allocation = ledger.allocation(uid);
        return allocation != null && !(allocation.state() instanceof AllocationState.Bound);
    }

    /** The one policy that speaks about the pod, null where none or several do. */
    private @Nullable Policy speaking(Pod pod) {
        if (!pod.spec().schedulerName().equals(settings.schedulerName()) || isSteered(pod)) {
            return null;
        }
        var selecting = world.policies.selecting(pod.key().namespace(), pod.labels());
        return selecting.size() == 1 ? selecting.getFirst() : null;
    }

    /** Whether the label on the pod or its namespace sends it past every policy (E28). */
    private boolean isSteered(Pod pod) {
        return Authority.isPastPolicies(pod, world.namespace(pod.key().namespace()));
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

    /** The unit by which a pod is ranked that no policy placed: the one that counts it, else the first whose nodes hold it (R8.6). */
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

    /**
     * Gives a pod that no policy placed the cost of its place. One whose policy is gone is such a pod as soon as another policy speaks for it
     * (R8.6); while the policy that placed it is there, it keeps what that gave it (E52).
     */
    private void rank(PodState state) {
        var pod = state.pod;
        if (!world.isListed()
                || pod.node() == null
                || pod.deleting()
                || pod.phase().isTerminal()
                || placing(pod) != null
                || isOnTheWay(pod.uid())) {
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
                deletionCostNotices.overwritten(pod.key(), pod.uid(), pod.annotations(), rank);
            }
        }
    }
}
