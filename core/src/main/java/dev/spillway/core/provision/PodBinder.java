package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.DeletionCostNotices;
import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.Certainty;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.BindAttempt;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.report.EarlierInstances;
import dev.spillway.core.report.Explainer;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.SlotAnswer;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Brings a held instance and its pod together: "who is bound when" is decided here (R23). */
public final class PodBinder {
    private final Settings settings;
    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final RealNodes realNodes;
    private final Queues queues;
    private final DeletionCostNotices deletionCostNotices;
    private final Explainer explainer;
    private final EarlierInstances earlierInstances;
    private final InstanceStatus instanceStatus;
    private final Termination termination;
    private final UnitMembership unitMembership;
    private final PodWrites writes;
    private final SlotReservations slotReservations;

    public PodBinder(
            Step step,
            Ledger ledger,
            RealNodes realNodes,
            EarlierInstances earlierInstances,
            UnitMembership unitMembership,
            DeletionCostNotices deletionCostNotices,
            Explainer explainer,
            SlotReservations slotReservations,
            InstanceStatus instanceStatus,
            Termination termination) {
        this.settings = step.settings();
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.realNodes = realNodes;
        this.queues = step.queues();
        this.deletionCostNotices = deletionCostNotices;
        this.explainer = explainer;
        this.earlierInstances = earlierInstances;
        this.instanceStatus = instanceStatus;
        this.termination = termination;
        this.unitMembership = unitMembership;
        this.writes = step.writes();
        this.slotReservations = slotReservations;
    }

    /** The region holds an instance for the allocation. */
    public void held(Allocation allocation) {
        allocation.become(AllocationState.HELD, step.now());
        realNodes.settled(allocation.uid());
        var state = world.pod(allocation.uid());
        if (state == null) {
            unitMembership.arrived(allocation.uid(), null); // it counted until this answer
            termination.end(allocation, "pod gone");
        } else {
            settleHeld(allocation, state.pod);
        }
    }

    /** Takes an instance that another process acquired into custody, by its tags. */
    public void adopt(PodState state, Instance shown) {
        var instance = world.newest(shown);
        var tags = instance.tags();
        ledger.seen(tags.podUid(), tags.offer().region(), tags.incarnation());
        var allocation = Adoption.allocationOf(world, state.pod, instance, step.now());
        ledger.open(allocation);
        if (state.pod.isWaiting()) {
            realNodes.assume(state.pod, allocation.node(), allocation.labels(), Certainty.SURE);
        }
        allocation.observe(instance);
        queues.forget(state);
        if (!tags.policy().isEmpty()) {
            unitMembership.onTheWay(state, allocation.node(), allocation.labels(), allocation.annotations());
        }
        allocation.written(shownBy(state.pod, instance));
        settleHeld(allocation, state.pod);
    }

    /** What a pod of whose writes nothing is known seems to show; null where it has to be shown anew. */
    private static Allocation.@Nullable Shown shownBy(Pod pod, Instance instance) {
        boolean gatesMet = pod.readinessGates().stream().allMatch(ReadinessGate::isMet);
        boolean runs = pod.phase() == Pod.Phase.RUNNING && instance.state() == Instance.State.RUNNING;
        return runs && (pod.readinessGates().isEmpty() || pod.ready() == gatesMet)
                ? PodReports.shown(pod, instance)
                : null;
    }

    /** Binds the pod to a held instance, unless the pod went another way meanwhile. */
    public void settleHeld(Allocation allocation, Pod pod) {
        if (pod.deleting() || pod.phase().isTerminal()) {
            if (allocation.node().equals(pod.node())) {
                arrived(allocation, false);
                if (!isLost(allocation)) { // else there is nothing to show, and nobody to replace the pod
                    instanceStatus.instanceChanged(allocation);
                }
            }
            termination.end(allocation, "pod deleted or ended");
        } else if (pod.node() == null) {
            bindIfUsable(allocation);
        } else if (isOurs(allocation, pod)) {
            bound(allocation, pod.instance() == null);
        } else {
            termination.end(allocation, "pod bound elsewhere");
        }
    }

    /** Whether the pod is bound to the allocation's instance, or to its node without any instance that has not ended. */
    private boolean isOurs(Allocation allocation, Pod pod) {
        if (!allocation.node().equals(pod.node())) {
            return false;
        }
        var bought = pod.instance();
        var mine = allocation.instanceId();
        return bought == null
                || (mine != null && bought.equals(mine.value()))
                || ledger.hasEnded(new InstanceKey(allocation.region(), new InstanceId(bought)));
    }

    /** A held instance that has ended already is let go: no pod is bound to it. */
    private void bindIfUsable(Allocation allocation) {
        if (!isUsable(allocation)) {
            letGo(allocation);
        } else if (allocation.state() == AllocationState.HELD
                && world.isTerminating(allocation.pod().namespace())) {
            termination.end(allocation, "the pod's namespace is being deleted");
        } else if (allocation.state() == AllocationState.BINDING) {
            bind(allocation);
        } else if (allocation.slotRequest() == null) {
            reserve(allocation);
        }
    }

    /** Before a pod is bound into a capped unit, the slot is reserved. */
    private void reserve(Allocation allocation) {
        var tags = allocation.tags();
        if (tags.policy().isEmpty()) {
            bind(allocation);
            return;
        }
        var policy = new PolicyKey(tags.pod().namespace(), tags.policy());
        var request = slotReservations.reserve(allocation.uid(), policy, allocation.annotations());
        allocation.slotRequest(request);
        if (request == null) {
            granted(allocation);
        }
    }

    /** A request for a slot was answered. */
    public void slotAnswered(Allocation allocation, SlotRequest request, SlotAnswer answer) {
        if (!request.equals(allocation.slotRequest())) {
            return;
        }
        allocation.slotRequest(answer instanceof SlotAnswer.Delayed ? request : null);
        if (allocation.state() != AllocationState.HELD) {
            return;
        }
        switch (answer) {
            case SlotAnswer.Granted() -> granted(allocation);
            case SlotAnswer.Stale() -> step.agenda().instanceDoubted(allocation.uid());
            case SlotAnswer.Denied(String why) -> termination.end(allocation, why);
            case SlotAnswer.Delayed(Instant until) -> {
                var state = world.pod(allocation.uid());
                if (state != null) {
                    var policy = new PolicyKey(
                            allocation.pod().namespace(), allocation.tags().policy());
                    state.waiting().explanation = Explanation.of(new PolicyReason.CapTakenOver(policy, until));
                    explainer.explain(state, Duration.ofSeconds(2), allocation.isLate());
                }
            }
        }
    }

    private void granted(Allocation allocation) {
        var state = world.pod(allocation.uid());
        if (state == null) {
            return;
        }
        if (state.pod.isWaiting()
                && isUsable(allocation)
                && !world.isTerminating(allocation.pod().namespace())) {
            bind(allocation);
        } else {
            settleHeld(allocation, state.pod);
        }
    }

    private static boolean isUsable(Allocation allocation) {
        var instance = allocation.instance();
        return instance != null
                && (instance.state() == Instance.State.STARTING || instance.state() == Instance.State.RUNNING);
    }

    private void letGo(Allocation allocation) {
        var instance = allocation.instance();
        if (instance != null && InstanceStatus.hadNoStock(instance)) {
            instanceStatus.stockVanished(allocation, instance);
        } else {
            termination.end(allocation, "instance ended before the pod was bound");
        }
    }

    private void bind(Allocation allocation) {
        if (allocation.state() == AllocationState.HELD) {
            allocation.become(AllocationState.BINDING, step.now());
        }
        var state = world.pod(allocation.uid());
        var before = allocation.bindAttempt();
        if (state != null && before == null) {
            allocation.annotationsBefore(state.pod.annotations());
        }
        allocation.bindAttempt((before == null ? new BindAttempt.Prepared(0) : before).sent(step.now()));
        step.emit(new Effect.Bind(new Binding(
                allocation.pod(),
                allocation.uid(),
                allocation.node(),
                allocation.labels(),
                allocation.annotations().with(allocation.instanceAnnotations()))));
    }

    public void bindAnswered(Effect.Bind effect, WriteAnswer answer) {
        var binding = effect.binding();
        var allocation = ledger.allocation(binding.uid());
        if (allocation == null
                || allocation.state() != AllocationState.BINDING
                || !allocation.node().equals(binding.node())) {
            return;
        }
        switch (BindAttempt.meaning(answer)) {
            case BindAttempt.Answer.Bound() -> bound(allocation, false);
            case BindAttempt.Answer.PodGone() -> doubt(allocation, "the pod is gone"); // a read alone ends an instance
            case BindAttempt.Answer.InDoubt inDoubt -> doubt(allocation, inDoubt.why());
        }
    }

    private void doubt(Allocation allocation, String why) {
        var state = world.pod(allocation.uid());
        if (state != null) {
            state.waiting().explanation = Explanation.of(new RegionReason.BindFailing(allocation.region(), why));
            explainer.explain(state, Duration.ofSeconds(2), false);
        }
        read(allocation);
    }

    private void read(Allocation allocation) {
        if (allocation.state() == AllocationState.BINDING) {
            step.emit(new Effect.ReadPod(allocation.pod(), allocation.uid()));
        }
    }

    /** What a quorum read says about a pod whose binding is in doubt. */
    public void podRead(PodUid uid, PodReadAnswer answer) {
        var allocation = ledger.allocation(uid);
        if (allocation == null || allocation.state() != AllocationState.BINDING) {
            return;
        }
        switch (BindAttempt.reading(uid, allocation.node(), answer)) {
            case BindAttempt.Reading.Unread() -> later(allocation, () -> read(allocation));
            case BindAttempt.Reading.PodGone(String why) -> termination.end(allocation, why);
            case BindAttempt.Reading.Here(Pod pod) -> settleHeld(allocation, pod);
            case BindAttempt.Reading.NotHere(Pod pod) -> settleHeld(allocation, pod);
            case BindAttempt.Reading.Waiting() -> stillWaits(allocation);
        }
    }

    private void stillWaits(Allocation allocation) {
        var heldAt = allocation.heldAt();
        var attempt = allocation.bindAttempt();
        if (heldAt == null || attempt == null) {
            return;
        }
        boolean isInTime = step.now().isBefore(heldAt.plus(settings.hold()));
        switch (attempt.next(isUsable(allocation) && isInTime, step.now())) {
            case BindAttempt.Next.SendAgain() -> later(allocation, () -> sendAgain(allocation));
            case BindAttempt.Next.AwaitFate(Instant then) -> step.at(then, () -> read(allocation));
            case BindAttempt.Next.GiveUp() -> {
                if (isUsable(allocation)) {
                    termination.end(allocation, "the pod could not be bound in time");
                } else {
                    letGo(allocation);
                }
            }
        }
    }

    private void later(Allocation allocation, Runnable action) {
        var attempt = allocation.bindAttempt();
        if (attempt != null) {
            step.after(Step.pause(attempt.tries()), action);
            allocation.bindAttempt(attempt.triedInVain());
        }
    }

    private void sendAgain(Allocation allocation) {
        if (isUsable(allocation) && allocation.state() == AllocationState.BINDING) {
            bind(allocation);
        } else {
            read(allocation);
        }
    }

    /** The pod is bound to the allocation's node. */
    private void arrived(Allocation allocation, boolean annotate) {
        allocation.become(AllocationState.BOUND, step.now());
        var state = world.pod(allocation.uid());
        if (state != null) {
            world.assume(
                    state,
                    allocation.node(),
                    allocation.labels(),
                    allocation.annotations().with(allocation.instanceAnnotations()));
            queues.forget(state);
            unitMembership.podChanged(state);
        }
        if (state != null && (annotate || allocation.isLate())) {
            // No binding of ours carried them. Labels of a pod that is bound already are left alone.
            writes.annotate(
                    state,
                    allocation.isLate()
                            ? allocation.annotations().with(allocation.instanceAnnotations())
                            : allocation.instanceAnnotations());
        }
        earlierInstances.placed(allocation.pod(), allocation.uid());
        if (allocation.bindAttempt() != null) {
            deletionCostNotices.overwritten(
                    allocation.pod(), allocation.uid(), allocation.annotationsBefore(), allocation.annotations());
            step.write(new ClusterWrite.Announce(
                    allocation.pod(), allocation.uid(), new Announcement(false, "Scheduled", scheduled(allocation))));
        }
    }

    /** The pod is bound to the allocation's node, and not over yet. */
    private void bound(Allocation allocation, boolean annotate) {
        arrived(allocation, annotate);
        if (isLost(allocation)) {
            termination.lost(allocation, "RegionLost", "An operator declared region " + allocation.region() + " lost.");
        } else {
            instanceStatus.instanceChanged(allocation);
        }
    }

    private boolean isLost(Allocation allocation) {
        var region = world.regions.get(allocation.region());
        return region != null && region.region().lost();
    }

    private String scheduled(Allocation allocation) {
        var tags = allocation.tags();
        var policy = new PolicyKey(tags.pod().namespace(), tags.policy());
        var what = "%s %s %s"
                .formatted(
                        world.resourceOf(policy, tags.unit()),
                        allocation.region(),
                        allocation.offer().product());
        var text = "Assigned %s to %s (%s)".formatted(allocation.pod(), allocation.node(), what.strip());
        if (!tags.policy().isEmpty()) {
            text += ", unit %d of policy %s".formatted(tags.unit(), tags.policy());
        }
        return allocation.passedOver().isEmpty() ? text : text + "; passed over " + allocation.passedOver();
    }
}
