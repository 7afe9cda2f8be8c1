package dev.spillway.core.rescue;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Pods whose region announces that it takes their instance back, some 5 min ahead: those that chose {@code Move} are deleted early enough to end in good
 * order, and their owner's next pod is placed meanwhile (R11.10). There is no brake: the region ends them one way or the other.
 */
public final class Reclaims {
    /** How long ahead regions announce it (E56); a report does not say when the announcement was made. */
    private static final Duration NOTICE = Duration.ofMinutes(5);

    /** Ended by then, beyond the pod's own grace. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    /** One that was announced so soon after we have the instance may have been announced long ago, to another process. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private static final String REASON = "ReclaimAnnounced";

    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final Departures departures;
    private final Set<PodUid> announced = new HashSet<>(); // only looked up

    /** One that has heard of no announcement yet. */
    public Reclaims(Step step, Ledger ledger, Departures departures) {
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.departures = departures;
    }

    /** A region has said something of an instance. */
    public void reported(Allocation allocation) {
        var state = world.pod(allocation.uid());
        if (state == null || !isAnnounced(allocation)) {
            return;
        }
        switch (state.pod.annotations().getOr(Names.ON_RECLAIM, "Stay")) {
            case "Stay" -> {}
            case "Move" -> move(state, allocation);
            default ->
                departures.tellOnce(
                        state.pod,
                        new Announcement(
                                true,
                                "UnknownChoice",
                                "%s: it stays, for the annotation is neither Stay nor Move."
                                        .formatted(Names.ON_RECLAIM)));
        }
    }

    private static boolean isAnnounced(Allocation allocation) {
        return allocation.state() instanceof AllocationState.Bound bound
                && bound.instance().state().isLive()
                && bound.instance().reason().equals(Instance.TO_BE_RELEASED);
    }

    private void move(PodState state, Allocation allocation) {
        var owner = state.pod.owner();
        if (owner == null || !owner.makesAnother()) {
            departures.tellOnce(
                    state.pod,
                    new Announcement(
                            false,
                            "StaysInPlace",
                            "%s: Move has no effect, for nobody would make another pod in place of this one"
                                    .formatted(Names.ON_RECLAIM)));
        } else if (announced.add(state.pod.uid())) {
            step.at(leavesAt(state, allocation), () -> leave(state.pod.uid()));
        }
    }

    private Instant leavesAt(PodState state, Allocation allocation) {
        var now = step.now();
        var grace = Duration.ofSeconds(state.pod.spec().graceSeconds());
        boolean mayBeOld = allocation.state() instanceof AllocationState.Bound bound
                && now.isBefore(bound.heldAt().plus(YOUNG));
        var at = now.plus(NOTICE).minus(grace).minus(MARGIN);
        return mayBeOld || at.isBefore(now) ? now : at;
    }

    private void leave(PodUid uid) {
        var state = world.pod(uid);
        var allocation = ledger.allocation(uid);
        if (state == null || allocation == null) {
            return;
        }
        if (isToLeave(state) && departures.mayLeave(state)) {
            var why =
                    "Region %s takes its instance back; ended in good order before that, so that the next pod of %s can start elsewhere."
                            .formatted(allocation.region(), state.pod.owner());
            departures.leave(state, REASON, why, this::isToLeave, pod -> {});
        } else {
            announced.remove(uid); // taken back, or refused: another announcement counts anew
        }
    }

    private boolean isToLeave(PodState state) {
        var allocation = ledger.allocation(state.pod.uid());
        return Departures.isThere(state)
                && allocation != null
                && isAnnounced(allocation)
                && state.pod.annotations().has(Names.ON_RECLAIM, "Move");
    }

    /** A pod's object is gone. */
    public void podGone(PodUid uid) {
        announced.remove(uid);
    }
}
