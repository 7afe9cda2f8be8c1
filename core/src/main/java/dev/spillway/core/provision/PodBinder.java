package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationEvent;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.DeletionCostNotices;
import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.Certainty;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.UnitKey;
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
import dev.spillway.core.reason.ScheduledText;
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

/**
 * Brings a held instance and its pod together: "who is bound when" is decided here (R23). A pod is bound as soon as its instance is held and starts or
 * runs, the pod still waits, its namespace stays, and, where the unit has a cap, its slot is reserved.
 */
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
        realNodes.settled(allocation.uid());
        var state = world.pod(allocation.uid());
        if (state == null) {
            unitMembership.arrived(allocation.uid(), null); // it counted until this answer
            termination.end(allocation, "pod gone");
        } else {
            settle(allocation, state.pod);
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
        queues.forget(state);
        if (!tags.policy().isEmpty()) {
            unitMembership.onTheWay(state, allocation.node(), allocation.labels(), allocation.annotations());
        }
        settle(allocation, state.pod, PodReports.shownBy(state.pod, instance));
    }

    /** Binds the pod to the instance that is there for it, unless the pod went another way meanwhile. */
    public void settle(Allocation allocation, Pod pod) {
        settle(allocation, pod, null);
    }

    private void settle(Allocation allocation, Pod pod, AllocationState.@Nullable Shown shown) {
        if (pod.deleting() || pod.phase().isTerminal()) {
            if (allocation.node().equals(pod.node())) {
                arrived(allocation, shown, false);
                if (!isLost(allocation)) { // else there is nothing to show, and nobody to replace the pod
                    instanceStatus.instanceChanged(allocation);
                }
            }
            if (isOurs(allocation, pod)) {
                termination.over(allocation, pod, "pod deleted or ended");
            } else {
                termination.end(allocation, "pod deleted or ended");
            }
        } else if (pod.node() == null) {
            if (allocation.state() instanceof AllocationState.Held held) { // a binding is followed up by itself
                bindIfUsable(allocation, held);
            }
        } else if (isOurs(allocation, pod)) {
            bound(allocation, shown, !namesInstanceOf(allocation, pod));
        } else {
            termination.end(allocation, "pod bound elsewhere");
        }
    }

    /** Whether the pod is bound to the allocation's instance, or to its node without any instance that has not ended. */
    private boolean isOurs(Allocation allocation, Pod pod) {
        if (!allocation.node().equals(pod.node())) {
            return false;
        }
        if (pod.instance() == null) {
            return true;
        }
        var bought = new InstanceId(pod.instance());
        return allocation.isOf(bought) || ledger.hasEnded(new InstanceKey(allocation.region(), bought));
    }

    /** Whether the pod tells which instance it has; another process may have bound it to an earlier one, which has ended. */
    private static boolean namesInstanceOf(Allocation allocation, Pod pod) {
        var named = pod.instance();
        return named != null && allocation.isOf(new InstanceId(named));
    }

    /** A held instance that has ended already is let go: no pod is bound to it. */
    private void bindIfUsable(Allocation allocation, AllocationState.Held held) {
        if (!isUsable(held.instance())) {
            letGo(allocation, held.instance());
        } else if (world.isTerminating(allocation.pod().namespace())) {
            termination.end(allocation, "the pod's namespace is being deleted");
        } else if (held.slotRequest() == null) {
            reserve(allocation, held);
        }
    }

    /** Before a pod is bound into a capped unit, the slot is reserved. */
    private void reserve(Allocation allocation, AllocationState.Held held) {
        var tags = allocation.tags();
        if (tags.policy().isEmpty()) {
            bind(allocation, held.instance());
            return;
        }
        var policy = new PolicyKey(tags.pod().namespace(), tags.policy());
        var request = slotReservations.reserve(allocation.uid(), policy, allocation.annotations());
        if (request == null) {
            granted(allocation, held);
        } else {
            allocation.on(new AllocationEvent.SlotRequested(request));
        }
    }

    /** A request for a slot was answered. */
    public void slotAnswered(Allocation allocation, SlotRequest request, SlotAnswer answer) {
        if (!(allocation.state() instanceof AllocationState.Held held) || !request.equals(held.slotRequest())) {
            return;
        }
        if (!(answer instanceof SlotAnswer.Delayed)) { // that is answered again
            allocation.on(new AllocationEvent.SlotAnswered());
        }
        switch (answer) {
            case SlotAnswer.Granted() -> granted(allocation, held);
            case SlotAnswer.Stale() -> step.agenda().instanceDoubted(allocation.uid());
            case SlotAnswer.Denied(String why) -> termination.end(allocation, why);
            case SlotAnswer.Delayed(Instant until) -> delayed(allocation, until);
        }
    }

    private void delayed(Allocation allocation, Instant until) {
        var state = world.pod(allocation.uid());
        if (state != null) {
            var policy = new PolicyKey(
                    allocation.pod().namespace(), allocation.tags().policy());
            state.waiting().explanation = Explanation.of(new PolicyReason.CapTakenOver(policy, until));
            explainer.explain(state, Duration.ofSeconds(2), allocation.isLate());
        }
    }

    private void granted(Allocation allocation, AllocationState.Held held) {
        var state = world.pod(allocation.uid());
        if (state == null) {
            return;
        }
        if (state.pod.isWaiting()
                && isUsable(held.instance())
                && !world.isTerminating(allocation.pod().namespace())) {
            bind(allocation, held.instance());
        } else {
            settle(allocation, state.pod);
        }
    }

    private static boolean isUsable(Instance instance) {
        return instance.state() == Instance.State.STARTING || instance.state() == Instance.State.RUNNING;
    }

    private void letGo(Allocation allocation, Instance instance) {
        if (InstanceStatus.hadNoStock(instance)) {
            instanceStatus.stockVanished(allocation, instance);
        } else {
            termination.end(allocation, "instance ended before the pod was bound");
        }
    }

    private void bind(Allocation allocation, Instance instance) {
        var state = world.pod(allocation.uid());
        var before = state == null ? Labels.empty() : state.pod.annotations();
        allocation.on(new AllocationEvent.BindSent(before, step.now()));
        send(allocation, instance);
    }

    private void send(Allocation allocation, Instance instance) {
        step.emit(new Effect.Bind(new Binding(
                allocation.pod(),
                allocation.uid(),
                allocation.node(),
                allocation.labels(),
                allocation.annotations().with(allocation.instanceAnnotations(instance)))));
    }

    public void bindAnswered(Effect.Bind effect, WriteAnswer answer) {
        var binding = effect.binding();
        var allocation = ledger.allocation(binding.uid());
        if (allocation == null
                || !(allocation.state() instanceof AllocationState.Binding)
                || !allocation.node().equals(binding.node())) {
            return;
        }
        switch (BindAttempt.meaning(answer)) {
            case BindAttempt.Answer.Bound() -> bound(allocation, null, false);
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
        if (allocation.state() instanceof AllocationState.Binding) {
            step.emit(new Effect.ReadPod(allocation.pod(), allocation.uid()));
        }
    }

    /** What a quorum read says about a pod whose binding is in doubt. */
    public void podRead(PodUid uid, PodReadAnswer answer) {
        var allocation = ledger.allocation(uid);
        if (allocation == null || !(allocation.state() instanceof AllocationState.Binding binding)) {
            return;
        }
        switch (BindAttempt.reading(uid, allocation.node(), answer)) {
            case BindAttempt.Reading.Unread() -> later(allocation, binding, () -> read(allocation));
            case BindAttempt.Reading.PodGone(String why) -> termination.end(allocation, why);
            case BindAttempt.Reading.Here(Pod pod) -> settle(allocation, pod);
            case BindAttempt.Reading.NotHere(Pod pod) -> settle(allocation, pod);
            case BindAttempt.Reading.Waiting() -> stillWaits(allocation, binding);
        }
    }

    private void stillWaits(Allocation allocation, AllocationState.Binding binding) {
        boolean isUsable = isUsable(binding.instance());
        boolean isInTime = step.now().isBefore(binding.heldAt().plus(settings.hold()));
        switch (binding.attempt().next(isUsable && isInTime, step.now())) {
            case BindAttempt.Next.SendAgain() -> later(allocation, binding, () -> sendAgain(allocation));
            case BindAttempt.Next.AwaitFate(Instant then) -> step.at(then, () -> read(allocation));
            case BindAttempt.Next.GiveUp() -> {
                if (isUsable) {
                    termination.end(allocation, "the pod could not be bound in time");
                } else {
                    letGo(allocation, binding.instance());
                }
            }
        }
    }

    private void later(Allocation allocation, AllocationState.Binding binding, Runnable action) {
        allocation.on(new AllocationEvent.TriedInVain());
        step.after(Step.pause(binding.attempt().tries()), action);
    }

    private void sendAgain(Allocation allocation) {
        if (allocation.state() instanceof AllocationState.Binding binding && isUsable(binding.instance())) {
            allocation.on(new AllocationEvent.BindSentAgain(step.now()));
            send(allocation, binding.instance());
        } else {
            read(allocation);
        }
    }

    /** The pod is bound to the allocation's node. {@code annotate}: whether it was not us who bound it, so that it names no instance. */
    private void arrived(Allocation allocation, AllocationState.@Nullable Shown shown, boolean annotate) {
        var before = allocation.state();
        allocation.on(new AllocationEvent.PodBound(shown));
        if (allocation.state() instanceof AllocationState.Bound bound) {
            placed(allocation, allocation.instanceAnnotations(bound.instance()), annotate);
        }
        earlierInstances.placed(allocation.pod(), allocation.uid());
        if (before instanceof AllocationState.Binding binding) {
            deletionCostNotices.overwritten(
                    allocation.pod(), allocation.uid(), binding.before(), allocation.annotations());
            step.write(new ClusterWrite.Announce(
                    allocation.pod(), allocation.uid(), new Announcement(false, "Scheduled", scheduled(allocation))));
        }
    }

    private void placed(Allocation allocation, Labels ofInstance, boolean annotate) {
        var state = world.pod(allocation.uid());
        if (state == null) {
            return;
        }
        var all = allocation.annotations().with(ofInstance);
        world.assume(state, allocation.node(), allocation.labels(), all);
        queues.forget(state);
        unitMembership.podChanged(state);
        if (annotate || allocation.isLate()) {
            // No binding of ours carried them. Labels of a pod that is bound already are left alone.
            writes.annotate(state, allocation.isLate() ? all : ofInstance);
        }
    }

    /** The pod is bound to the allocation's node, and not over yet. */
    private void bound(Allocation allocation, AllocationState.@Nullable Shown shown, boolean annotate) {
        arrived(allocation, shown, annotate);
        if (isLost(allocation) && allocation.state() instanceof AllocationState.Bound bound) {
            termination.regionLost(allocation, bound);
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
        return ScheduledText.of(
                allocation.pod(),
                allocation.node(),
                what.strip(),
                tags.policy().isEmpty() ? null : new UnitKey(policy, tags.unit()),
                allocation.passedOver());
    }
}
