package dev.spillway.core.engine;

import dev.spillway.core.cluster.ClusterApi.Announcement;
import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodKey;
import dev.spillway.core.cluster.PodStatus;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.ledger.Claim;
import dev.spillway.core.ledger.ClaimState;
import dev.spillway.core.region.Instance;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of pods on virtual nodes from what their instances report: one write for each meaningful state (design section
 * 3, item 11). It decides nothing.
 */
final class Reports {
    private final Turn turn;
    private final World world;
    private final PodWrites writes;

    Reports(Parts parts) {
        this.turn = parts.turn();
        this.world = parts.world();
        this.writes = parts.writes();
    }

    /** Shows the state of the claim's instance on the pod, unless it is shown already. */
    void write(Claim claim) {
        var instance = claim.instance();
        var state = world.pod(claim.uid());
        if (instance == null || state == null || instance.state() == claim.written()) {
            return;
        }
        claim.written(instance.state());
        writes.status(state, statusOf(state.pod, instance));
    }

    /** A pod is seen; one that had ended and seems to be alive again was overwritten by somebody who did not know. */
    void podSeen(PodState state, Pod seen) {
        var phase = state.pod.phase();
        if (state.ended == null && phase.isTerminal() && !seen.phase().isTerminal()) {
            boolean failed = phase == Pod.Phase.FAILED;
            state.ended = new PodState.Ended(
                    new PodStatus(
                            phase,
                            failed ? "InstanceLost" : "",
                            failed ? "The pod had failed before; why is not known any more." : "",
                            null,
                            null,
                            null,
                            null,
                            failed ? 137 : 0,
                            new PodStatus.Created(true, "Created", ""),
                            state.pod.spec().containers()),
                    turn.now(),
                    false);
        }
    }

    /**
     * Shows again what the pod should show and, so long after it was written, does not: another process that had not heard of it
     * overwrote it.
     */
    void repeat(PodState state, @Nullable Claim claim, Duration after) {
        var ended = state.ended;
        if (ended != null) {
            if (!ended.isShown() && ended.since().plus(after).isBefore(turn.now())) {
                writes.status(state, ended.status());
            }
        } else if (claim != null && claim.state() == ClaimState.BOUND && state.outbox == null) {
            if (claim.written() == Instance.State.RUNNING && state.pod.phase() == Pod.Phase.PENDING) {
                claim.written(null);
                write(claim);
            }
            if (state.pod.instance() == null) {
                writes.annotate(state, Bindings.instanceOf(claim));
            }
        }
    }

    /** The region is going to take the instance back: said so as soon as it is known, once (E56). */
    void reclaimAnnounced(Claim claim) {
        var instance = claim.instance();
        var state = world.pod(claim.uid());
        if (instance == null
                || state == null
                || claim.isReclaimTold()
                || !instance.reason().equals(Instance.TO_BE_RELEASED)) {
            return;
        }
        claim.reclaimTold();
        claim.written(instance.state());
        writes.status(state, statusOf(state.pod, instance));
        turn.emit(new Effect.Announce(
                claim.pod(),
                claim.uid(),
                new Announcement(true, Instance.TO_BE_RELEASED, Explainer.shortened(instance.message()))));
    }

    /** Stock vanished after the pod was bound, and the pod is to fail then (E55). */
    void providerFailed(Claim claim) {
        var instance = claim.instance();
        var message = instance == null ? "" : instance.message();
        var state = world.pod(claim.uid());
        if (state != null && !state.failed) {
            state.failed = true;
            writes.status(state, providerFailed(state.pod, "NoStock", message));
            turn.emit(new Effect.Announce(
                    claim.pod(), claim.uid(), new Announcement(true, "NoStock", Explainer.shortened(message))));
        }
    }

    /** The status of a bound pod that wants to fail where it gets no instance; the condition has the detail. */
    static PodStatus providerFailed(Pod pod, String reason, String message) {
        return new PodStatus(
                Pod.Phase.FAILED,
                "ProviderFailed",
                message,
                null,
                null,
                null,
                null,
                0,
                new PodStatus.Created(false, reason, message),
                pod.spec().containers());
    }

    /** Stock vanished after the pod was bound: it stays Pending and says so (spec 4.2, E54). */
    void noStock(Claim claim) {
        var instance = claim.instance();
        var message = instance == null ? "" : instance.message();
        var state = world.pod(claim.uid());
        if (state != null) {
            writes.status(state, withoutInstance(state.pod, "NoStock", message));
            writes.annotate(state, Labels.of(Names.INSTANCE_ID, ""));
        }
        turn.emit(new Effect.Announce(
                claim.pod(), claim.uid(), new Announcement(true, "NoStock", Explainer.shortened(message))));
    }

    /** The status of a bound pod that has no instance for now. */
    static PodStatus withoutInstance(Pod pod, String reason, String message) {
        return new PodStatus(
                Pod.Phase.PENDING,
                "ContainerInstanceScheduleFailed", // spec 4.4
                "",
                null,
                null,
                null,
                null,
                0,
                new PodStatus.Created(false, reason, message),
                pod.spec().containers());
    }

    /** The pod's instance is gone: the pod has failed. */
    void failed(PodKey pod, PodUid uid, String reason, String message) {
        var state = world.pod(uid);
        if (state == null || state.failed) {
            return;
        }
        state.failed = true;
        writes.status(
                state,
                new PodStatus(
                        Pod.Phase.FAILED,
                        reason,
                        message,
                        null,
                        null,
                        null,
                        null,
                        137,
                        new PodStatus.Created(false, reason, message),
                        state.pod.spec().containers()));
        turn.emit(new Effect.Announce(pod, uid, new Announcement(true, reason, message)));
    }

    /** Whether the pod was declared failed, though the feed may not show it yet. */
    boolean hasFailed(PodUid uid) {
        var state = world.pod(uid);
        return state != null && state.failed;
    }

    private static PodStatus statusOf(Pod pod, Instance instance) {
        var phase = switch (instance.state()) {
            case STARTING -> Pod.Phase.PENDING;
            case RUNNING, ENDING -> Pod.Phase.RUNNING;
            case SUCCEEDED -> Pod.Phase.SUCCEEDED;
            case FAILED, GONE -> Pod.Phase.FAILED;
        };
        return new PodStatus(
                phase,
                phase == Pod.Phase.FAILED ? instance.reason() : "",
                phase == Pod.Phase.FAILED ? instance.message() : "",
                instance.ip(),
                instance.hostIp(),
                instance.startedAt(),
                instance.finishedAt(),
                instance.exitCode(),
                created(instance),
                pod.spec().containers());
    }

    private static PodStatus.Created created(Instance instance) {
        return instance.reason().equals(Instance.TO_BE_RELEASED)
                ? new PodStatus.Created(true, Instance.TO_BE_RELEASED, instance.message())
                : new PodStatus.Created(true, "Created", "");
    }
}
