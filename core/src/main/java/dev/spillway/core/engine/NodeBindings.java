package dev.spillway.core.engine;

import dev.spillway.core.fit.Certainty;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterApi.Announcement;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Binds pods to real nodes. From the decision on, a pod counts on its node and in its unit, so that parallel placements never
 * share the same room; a binding whose answer is lost keeps it there until a read says what became of it.
 */
final class NodeBindings {
    private final Turn turn;
    private final World world;
    private final RealNodes nodes;
    private final Counting counting;
    private final Queues queues;
    private final Explainer explainer;
    private final Namesakes namesakes;
    private final Reservations reservations;
    private final VolumeBindings volumes;

    NodeBindings(Parts parts, Counting counting, Explainer explainer, Reservations reservations) {
        this.turn = parts.turn();
        this.world = parts.world();
        this.nodes = parts.nodes();
        this.counting = counting;
        this.queues = parts.queues();
        this.explainer = explainer;
        this.namesakes = parts.namesakes();
        this.reservations = reservations;
        this.volumes = new VolumeBindings(parts);
    }

    /** A pod's way to a real node. */
    static final class Way {
        private final Walk.Bind decision;
        private final Pod before;
        private final VolumeBindings.Preparation volumes;
        private @Nullable Instant sentAt; // null before its binding was sent
        private @Nullable SlotRequest slotRequest; // null where the unit has no cap
        private int tries;

        private Way(Walk.Bind decision, Pod before, VolumeBindings.Preparation volumes) {
            this.decision = decision;
            this.before = before;
            this.volumes = volumes;
        }

        Walk.Bind decision() {
            return decision;
        }
    }

    /** The walk found a node. */
    void bind(PodState state, Walk.Bind decision) {
        var way = new Way(decision, state.pod, volumes.choose(state, decision.node()));
        state.toNode = way;
        nodes.assume(state.pod, decision.node(), decision.labels(), Certainty.SURE);
        var place = decision.place();
        if (place == null) {
            prepare(state, way);
            return;
        }
        counting.onTheWay(state, decision.node(), decision.labels(), decision.annotations());
        way.slotRequest = reservations.reserve(state.pod.uid(), place.policy(), decision.annotations());
        if (way.slotRequest == null) {
            prepare(state, way);
        }
    }

    /** A request for a slot was answered. */
    void slotAnswered(PodState state, SlotRequest request, SlotAnswer answer) {
        var way = state.toNode;
        if (way == null || !request.equals(way.slotRequest)) {
            return;
        }
        switch (answer) {
            case SlotAnswer.Granted() -> prepare(state, way);
            case SlotAnswer.Stale() -> leave(state); // another process led meanwhile
            case SlotAnswer.Denied(String why) -> leave(state);
            case SlotAnswer.Delayed(Instant until) -> {
                var place = way.decision.place();
                if (place != null) {
                    tell(state, new PolicyReason.CapTakenOver(place.policy(), until));
                }
            }
        }
    }

    private void prepare(PodState state, Way way) {
        if (way.volumes.isEmpty()) {
            send(state, way);
            return;
        }
        var node = way.decision.node();
        tell(state, new NodeReason.VolumesPending(node, way.volumes.claims()));
        volumes.begin(way.volumes, new VolumeBindings.Outcome() {
            @Override
            public void ready() {
                if (nodes.stillTakes(state.pod, node)) {
                    send(state, way);
                } else {
                    leave(state);
                }
            }

            @Override
            public void failed(String why) {
                tell(state, new NodeReason.NodeBindFailing(node, why));
                later(state, way, () -> leave(state)); // what it found may be news that has not reached us
            }

            @Override
            public void troubled(String why) {
                tell(state, new NodeReason.NodeBindFailing(node, why));
            }
        });
    }

    /** A claim is new, changed or gone. */
    void claimChanged(StorageObject.Id claim) {
        volumes.claimChanged(claim);
    }

    /** A write about a volume was answered. */
    void volumeWritten(Effect.BindVolume effect, WriteAnswer answer) {
        volumes.written(effect, answer);
    }

    private void send(PodState state, Way way) {
        way.sentAt = turn.now();
        var decision = way.decision;
        turn.emit(new Effect.Bind(new Binding(
                state.pod.key(), state.pod.uid(), decision.node(), decision.labels(), decision.annotations())));
    }

    /** A binding was answered; false where it is none of a real node. */
    boolean bindAnswered(Effect.Bind effect, WriteAnswer answer) {
        var state = world.pod(effect.binding().uid());
        var way = state == null ? null : state.toNode;
        if (state == null
                || way == null
                || !way.decision.node().equals(effect.binding().node())) {
            return false;
        }
        switch (answer) {
            case WriteAnswer.Done() -> bound(state, way);
            case WriteAnswer.Gone() -> leave(state);
            case WriteAnswer.Conflict(String message) ->
                turn.emit(new Effect.ReadPod(state.pod.key(), state.pod.uid()));
            case WriteAnswer.Refused(int code, String message) -> failing(state, way, code + " " + message);
            case WriteAnswer.Unknown(String message) -> failing(state, way, message);
        }
        return true;
    }

    private void failing(PodState state, Way way, String why) {
        tell(state, new NodeReason.NodeBindFailing(way.decision.node(), why));
        turn.emit(new Effect.ReadPod(state.pod.key(), state.pod.uid()));
    }

    private void tell(PodState state, Reason reason) {
        state.waiting().explanation = Explanation.of(reason);
        explainer.explain(state, Duration.ofSeconds(2), false);
    }

    /** A quorum read says what became of a binding in doubt. */
    void podRead(PodUid uid, PodReadAnswer answer) {
        var state = world.pod(uid);
        var way = state == null ? null : state.toNode;
        if (state == null || way == null) {
            return;
        }
        switch (answer) {
            case PodReadAnswer.Gone() -> leave(state);
            case PodReadAnswer.Unknown unknown ->
                later(state, way, () -> turn.emit(new Effect.ReadPod(state.pod.key(), uid)));
            case PodReadAnswer.Found(Pod pod) -> {
                if (!pod.uid().equals(uid)) {
                    leave(state);
                } else if (pod.node() == null && !pod.deleting() && !pod.phase().isTerminal()) {
                    if (way.sentAt != null) { // somebody else's question otherwise
                        later(state, way, () -> sendOrLeave(state, way));
                    }
                } else {
                    settle(state, way, pod);
                }
            }
        }
    }

    /** A binding carries a deadline: once that is over, one that has not taken effect never will, and the pod may go elsewhere. */
    private void sendOrLeave(PodState state, Way way) {
        var fate = way.sentAt == null ? turn.now() : way.sentAt.plus(Bindings.BIND_FATE);
        if (nodes.stillTakes(state.pod, way.decision.node())) {
            send(state, way);
        } else if (turn.now().isBefore(fate)) {
            turn.at(fate, () -> {
                if (state.toNode == way) {
                    turn.emit(new Effect.ReadPod(state.pod.key(), state.pod.uid()));
                }
            });
        } else {
            leave(state);
        }
    }

    private void later(PodState state, Way way, Runnable action) {
        turn.after(Turn.pause(way.tries++), () -> {
            if (state.toNode == way) {
                action.run();
            }
        });
    }

    /** The pod changed while it was on its way. */
    void podChanged(PodState state) {
        var way = state.toNode;
        var pod = state.pod;
        if (way != null && (pod.node() != null || pod.deleting() || pod.phase().isTerminal())) {
            settle(state, way, pod);
        }
    }

    private void settle(PodState state, Way way, Pod pod) {
        if (way.decision.node().equals(pod.node())) {
            bound(state, way);
        } else {
            leave(state);
        }
    }

    /** The pod is gone. */
    void podGone(PodState state) {
        var way = state.toNode;
        state.toNode = null;
        if (way != null) {
            volumes.end(way.volumes);
        }
    }

    private void bound(PodState state, Way way) {
        state.toNode = null;
        volumes.end(way.volumes);
        var decision = way.decision;
        var before = way.before;
        world.assume(state, decision.node(), decision.labels(), decision.annotations());
        nodes.podSeen(state.pod);
        counting.podChanged(state);
        namesakes.placed(before.key(), before.uid());
        explainer.costOverwritten(before.key(), before.uid(), before.annotations(), decision.annotations());
        turn.emit(new Effect.Announce(
                before.key(),
                before.uid(),
                new Announcement(false, "Scheduled", Explainer.shortened(scheduled(before, decision)))));
        queues.forget(state);
    }

    /** The pod does not come to the node after all: its room is free again, and it walks anew if it still waits. */
    private void leave(PodState state) {
        var way = state.toNode;
        state.toNode = null;
        if (way != null) {
            volumes.end(way.volumes);
        }
        nodes.podSeen(state.pod);
        counting.arrived(state.pod.uid(), state);
        turn.agenda().pod(state);
        turn.agenda().nodesChanged();
    }

    private String scheduled(Pod pod, Walk.Bind decision) {
        var text = "Assigned %s to %s".formatted(pod.key(), decision.node());
        var place = decision.place();
        if (place != null) {
            var what = world.resourceOf(place.policy(), place.unit());
            text += what.isEmpty() ? "" : " (" + what + ")";
            text += place.unit() == 0
                    ? ", outside the units of policy " + place.policy().name()
                    : ", unit %d of policy %s"
                            .formatted(place.unit(), place.policy().name());
        }
        var passed = decision.passed().unitsText();
        return passed.isEmpty() ? text : text + "; passed over " + passed;
    }
}
