package dev.spillway.core.nodebind;

import dev.spillway.core.caps.DeletionCostNotices;
import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.Certainty;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.BindAttempt;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.ScheduledText;
import dev.spillway.core.report.EarlierInstances;
import dev.spillway.core.report.Explainer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.NodeTarget;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.SlotAnswer;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Binds pods to real nodes. From the decision on, a pod counts on its node and in its unit, so that parallel placements never
 * share the same room; a binding whose answer is lost keeps it there until a read says what became of it (R21.2, R23.3).
 */
public final class NodeBinder {
    private final Step step;
    private final World world;
    private final RealNodes realNodes;
    private final UnitMembership unitMembership;
    private final Queues queues;
    private final DeletionCostNotices deletionCostNotices;
    private final Explainer explainer;
    private final EarlierInstances earlierInstances;
    private final SlotReservations slotReservations;
    private final VolumeBinder volumes;
    private final Map<PodUid, Pending> pendingByPod = new HashMap<>(); // only looked up

    public NodeBinder(
            Step step,
            RealNodes realNodes,
            EarlierInstances earlierInstances,
            UnitMembership unitMembership,
            DeletionCostNotices deletionCostNotices,
            Explainer explainer,
            SlotReservations slotReservations) {
        this.step = step;
        this.world = step.world();
        this.realNodes = realNodes;
        this.unitMembership = unitMembership;
        this.queues = step.queues();
        this.deletionCostNotices = deletionCostNotices;
        this.explainer = explainer;
        this.earlierInstances = earlierInstances;
        this.slotReservations = slotReservations;
        this.volumes = new VolumeBinder(step, realNodes);
    }

    /** A binding that is being prepared, or is under way. */
    private static final class Pending {
        private final NodeTarget target;
        private final String passedOver;
        private final Pod before;
        private final VolumeBinder.Preparation volumes;
        private @Nullable SlotRequest slotRequest; // null where the unit has no cap
        private BindAttempt attempt = new BindAttempt.Prepared(0);

        private Pending(NodeTarget target, String passedOver, Pod before, VolumeBinder.Preparation volumes) {
            this.target = target;
            this.passedOver = passedOver;
            this.before = before;
            this.volumes = volumes;
        }
    }

    /** The walk found a node. */
    public void bind(PodState state, Walk.Bind decision) {
        var target = new NodeTarget(decision.node(), decision.unit(), decision.labels(), decision.annotations());
        var pending =
                new Pending(target, decision.passed().unitsText(), state.pod, volumes.choose(state, decision.node()));
        pendingByPod.put(state.pod.uid(), pending);
        state.nodeTarget = target;
        realNodes.assume(state.pod, decision.node(), decision.labels(), Certainty.SURE);
        var unit = decision.unit();
        if (unit == null) {
            prepare(state, pending);
            return;
        }
        unitMembership.onTheWay(state, decision.node(), decision.labels(), decision.annotations());
        pending.slotRequest = slotReservations.reserve(state.pod.uid(), unit.policy(), decision.annotations());
        if (pending.slotRequest == null) {
            prepare(state, pending);
        }
    }

    /** A request for a slot was answered. */
    public void slotAnswered(PodState state, SlotRequest request, SlotAnswer answer) {
        var pending = pendingByPod.get(state.pod.uid());
        if (pending == null || !request.equals(pending.slotRequest)) {
            return;
        }
        switch (answer) {
            case SlotAnswer.Granted() -> prepare(state, pending);
            case SlotAnswer.Stale() -> leave(state); // another process led meanwhile
            case SlotAnswer.Denied(String why) -> leave(state);
            case SlotAnswer.Delayed(Instant until) -> {
                var unit = pending.target.unit();
                if (unit != null) {
                    tell(state, new PolicyReason.CapTakenOver(unit.policy(), until));
                }
            }
        }
    }

    private void prepare(PodState state, Pending pending) {
        if (pending.volumes.isEmpty()) {
            send(state, pending);
            return;
        }
        var node = pending.target.node();
        tell(state, new NodeReason.VolumesPending(node, pending.volumes.claims()));
        volumes.begin(pending.volumes, new VolumeBinder.Outcome() {
            @Override
            public void ready() {
                if (realNodes.stillTakes(state.pod, node)) {
                    send(state, pending);
                } else {
                    leave(state);
                }
            }

            @Override
            public void failed(String why) {
                tell(state, new NodeReason.BindFailing(node, why));
                later(state, pending, () -> leave(state)); // what it found may be news that has not reached us
            }

            @Override
            public void troubled(String why) {
                tell(state, new NodeReason.BindFailing(node, why));
            }
        });
    }

    /** A claim is new, changed or gone. */
    public void claimChanged(StorageObject.Id claim) {
        volumes.claimChanged(claim);
    }

    /** A write about a volume was answered. */
    public void volumeWritten(ClusterWrite.BindVolume write, WriteAnswer answer) {
        volumes.written(write, answer);
    }

    private void send(PodState state, Pending pending) {
        pending.attempt = pending.attempt.sent(step.now());
        var target = pending.target;
        step.emit(new Effect.Bind(
                new Binding(state.pod.key(), state.pod.uid(), target.node(), target.labels(), target.annotations())));
    }

    /** A binding was answered; false where it is none of a real node. */
    public boolean bindAnswered(Effect.Bind effect, WriteAnswer answer) {
        var state = world.pod(effect.binding().uid());
        var pending = state == null ? null : pendingByPod.get(state.pod.uid());
        if (state == null
                || pending == null
                || !pending.target.node().equals(effect.binding().node())) {
            return false;
        }
        switch (BindAttempt.meaning(answer)) {
            case BindAttempt.Answer.Bound() -> bound(state, pending);
            case BindAttempt.Answer.PodGone() -> leave(state);
            case BindAttempt.Answer.InDoubt(String why, boolean isConflict) -> {
                if (!isConflict) {
                    tell(state, new NodeReason.BindFailing(pending.target.node(), why));
                }
                read(state);
            }
        }
        return true;
    }

    private void read(PodState state) {
        step.emit(new Effect.ReadPod(state.pod.key(), state.pod.uid()));
    }

    private void tell(PodState state, Reason reason) {
        state.waiting().explanation = Explanation.of(reason);
        explainer.explain(state, Duration.ofSeconds(2), false);
    }

    /** A quorum read says what became of a binding in doubt. */
    public void podRead(PodUid uid, PodReadAnswer answer) {
        var state = world.pod(uid);
        var pending = state == null ? null : pendingByPod.get(state.pod.uid());
        if (state == null || pending == null) {
            return;
        }
        switch (BindAttempt.reading(uid, pending.target.node(), answer)) {
            case BindAttempt.Reading.Unread() -> later(state, pending, () -> read(state));
            case BindAttempt.Reading.PodGone gone -> leave(state);
            case BindAttempt.Reading.Here here -> bound(state, pending);
            case BindAttempt.Reading.NotHere elsewhere -> leave(state);
            case BindAttempt.Reading.Waiting() -> {
                if (pending.attempt instanceof BindAttempt.Sent) { // somebody else's question otherwise
                    later(state, pending, () -> stillWaits(state, pending));
                }
            }
        }
    }

    private void stillWaits(PodState state, Pending pending) {
        if (!(pending.attempt instanceof BindAttempt.Sent attempt)) {
            return;
        }
        boolean isWanted = realNodes.stillTakes(state.pod, pending.target.node());
        switch (attempt.next(isWanted, step.now())) {
            case BindAttempt.Next.SendAgain() -> send(state, pending);
            case BindAttempt.Next.AwaitFate(Instant then) ->
                step.at(then, ifPending(state, pending, () -> read(state)));
            case BindAttempt.Next.GiveUp() -> leave(state);
        }
    }

    private void later(PodState state, Pending pending, Runnable action) {
        step.after(Step.pause(pending.attempt.tries()), ifPending(state, pending, action));
        pending.attempt = pending.attempt.triedInVain();
    }

    private Runnable ifPending(PodState state, Pending pending, Runnable action) {
        return () -> {
            if (pendingByPod.get(state.pod.uid()) == pending) {
                action.run();
            }
        };
    }

    /** The pod changed while it was on its way. */
    public void podChanged(PodState state) {
        var pending = pendingByPod.get(state.pod.uid());
        if (pending == null) {
            return;
        }
        switch (BindAttempt.seen(pending.target.node(), state.pod)) {
            case BindAttempt.Reading.Here here -> bound(state, pending);
            case BindAttempt.Reading.NotHere elsewhere -> leave(state);
            case BindAttempt.Reading.Waiting() -> {}
        }
    }

    /** The pod is gone. */
    public void podGone(PodState state) {
        var pending = pendingByPod.remove(state.pod.uid());
        state.nodeTarget = null;
        if (pending != null) {
            volumes.end(pending.volumes);
        }
    }

    private void bound(PodState state, Pending pending) {
        pendingByPod.remove(state.pod.uid());
        state.nodeTarget = null;
        volumes.end(pending.volumes);
        var target = pending.target;
        var before = pending.before;
        world.assume(state, target.node(), target.labels(), target.annotations());
        realNodes.podSeen(state.pod);
        unitMembership.podChanged(state);
        earlierInstances.placed(before.key(), before.uid());
        deletionCostNotices.overwritten(before.key(), before.uid(), before.annotations(), target.annotations());
        step.write(new ClusterWrite.Announce(
                before.key(), before.uid(), new Announcement(false, "Scheduled", scheduled(pending))));
        queues.forget(state);
    }

    /** The pod does not come to the node after all: its room is free again, and it walks anew if it still waits. */
    private void leave(PodState state) {
        var pending = pendingByPod.remove(state.pod.uid());
        state.nodeTarget = null;
        if (pending != null) {
            volumes.end(pending.volumes);
        }
        realNodes.podSeen(state.pod);
        unitMembership.arrived(state.pod.uid(), state);
        step.agenda().pod(state);
        step.agenda().nodesChanged();
    }

    private String scheduled(Pending pending) {
        var pod = pending.before;
        var target = pending.target;
        var unit = target.unit();
        var what = unit == null ? "" : world.resourceOf(unit.policy(), unit.position());
        return ScheduledText.of(pod.key(), target.node(), what, unit, pending.passedOver);
    }
}
