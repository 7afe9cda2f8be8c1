package dev.spillway.core.engine;

import dev.spillway.core.cluster.ClusterApi.Announcement;
import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodKey;
import dev.spillway.core.cluster.PodStatus;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.ledger.Claim;
import dev.spillway.core.region.Instance;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of pods on virtual nodes from what their instances report: one write for each meaningful state (design section
 * 3, item 11). It decides nothing.
 */
final class Reports {
    private final Turn turn;
    private final World world;

    Reports(Parts parts) {
        this.turn = parts.turn();
        this.world = parts.world();
    }

    /** Shows the state of the claim's instance on the pod, unless it is shown already. */
    void write(Claim claim) {
        var instance = claim.instance();
        var state = world.pod(claim.uid());
        if (instance == null || state == null || instance.state() == claim.written()) {
            return;
        }
        claim.written(instance.state());
        turn.emit(new Effect.WriteStatus(claim.pod(), claim.uid(), statusOf(state.pod, instance)));
    }

    /** Stock vanished after the pod was bound: it stays Pending and says so (spec 4.2, E54). */
    void noStock(Claim claim) {
        var instance = claim.instance();
        var message = instance == null ? "" : instance.message();
        var state = world.pod(claim.uid());
        if (state != null) {
            turn.emit(new Effect.WriteStatus(claim.pod(), claim.uid(), withoutInstance(state.pod, "NoStock", message)));
            turn.emit(new Effect.Annotate(claim.pod(), claim.uid(), Labels.of(Names.INSTANCE_ID, "")));
        }
        turn.emit(new Effect.Announce(
                claim.pod(), claim.uid(), new Announcement(true, "NoStock", Explainer.shortened(message))));
    }

    /** The status of a bound pod that has no instance for now. */
    static PodStatus withoutInstance(Pod pod, String reason, String message) {
        return new PodStatus(
                Pod.Phase.PENDING,
                "",
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
        turn.emit(new Effect.WriteStatus(
                pod,
                uid,
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
                        containers(uid))));
        turn.emit(new Effect.Announce(pod, uid, new Announcement(true, reason, message)));
    }

    /** Whether the pod was declared failed, though the feed may not show it yet. */
    boolean hasFailed(PodUid uid) {
        var state = world.pod(uid);
        return state != null && state.failed;
    }

    /** A status could not be written: shows it again after a moment, if it is still the truth. */
    void writeFailed(Effect.WriteStatus effect, @Nullable Claim claim) {
        turn.after(Duration.ofSeconds(1), () -> {
            var state = world.pod(effect.uid());
            if (state == null || state.pod.phase().isTerminal()) {
                return;
            }
            if (claim != null) {
                claim.written(null);
                write(claim);
            } else {
                turn.emit(effect);
            }
        });
    }

    private List<dev.spillway.core.cluster.Container> containers(PodUid uid) {
        var state = world.pod(uid);
        return state == null ? List.of() : state.pod.spec().containers();
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
                new PodStatus.Created(true, "Created", ""),
                pod.spec().containers());
    }
}
