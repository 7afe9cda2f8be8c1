package dev.spillway.core.report;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets deleted pods go as a kubelet does: the last status first, with ended containers and a final phase, then the object. Who waits for
 * the end (a Job, a drain, a finalizer) sees it then, however long the object stays (R26.1).
 */
public final class PodRemoval {
    /** A region usually confirms an end within a second or two; only then is a pod told that it waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Events of a pod are forgotten after an hour. */
    private static final Duration TELL_EVERY = Duration.ofMinutes(30);

    private final Step step;
    private final World world;
    private final PodWrites writes;

    public PodRemoval(Step step) {
        this.step = step;
        this.world = step.world();
        this.writes = step.writes();
    }

    /** Nothing of the deleted pod runs any more. {@code last} is what was known of its instance, null where there was none. */
    public void go(PodState state, @Nullable Instance last) {
        leave(state, () -> PodStatuses.last(state.pod, last));
    }

    /** The pod's node was retired and is gone, and nothing of the pod runs: it goes with the node, as with one that nobody serves. */
    public void leaveWithNode(PodState state) {
        var why = "The zone of the pod's node is declared no more.";
        leave(state, () -> PodStatuses.lost(state.pod, null, "NodeRetired", why));
    }

    private void leave(PodState state, Supplier<PodStatus> last) {
        if (state.pod.phase().isTerminal()) {
            remove(state);
        } else if (!state.isGoing()) {
            state.going();
            writes.status(state, last.get());
        }
    }

    /** A status was written, or not: one that is refused for good holds no pod back. */
    public void written(ClusterWrite.WriteStatus write, WriteAnswer answer) {
        var state = world.pod(write.uid());
        boolean isOver = answer instanceof WriteAnswer.Done || answer instanceof WriteAnswer.Refused;
        if (state != null && state.isGoing() && isOver && write.status().phase().isTerminal()) {
            remove(state);
        }
    }

    private void remove(PodState state) {
        if (!state.isRemoved()) {
            state.removed();
            step.write(new ClusterWrite.RemovePod(state.pod.key(), state.pod.uid()));
        }
    }

    /** The object was removed, or only marked because somebody's finalizer keeps it; or neither, and it is tried again. */
    public void removed(ClusterWrite.RemovePod remove, WriteAnswer answer) {
        boolean refused = answer instanceof WriteAnswer.Refused; // by a right or a rule that somebody will mend
        if (refused || answer instanceof WriteAnswer.Unknown) {
            step.after(Step.pause(refused ? 4 : 0), () -> {
                if (world.pod(remove.uid()) != null) {
                    step.write(remove);
                }
            });
        }
    }

    /** The deleted pod has to stay since its region does not say that its instance is gone: after a while that is told. */
    public void stays(PodState state, RegionId region, Instant since, String why) {
        var told = state.toldToStayAt;
        var due = told == null ? since.plus(PATIENCE) : told.plus(TELL_EVERY);
        if (!state.pod.deleting() || state.pod.node() == null || step.now().isBefore(due)) {
            return;
        }
        state.toldToStayAt = step.now();
        var text = "The pod stays Terminating until region %s confirms that its instance is gone (%s). "
                        .formatted(region, why)
                + "If the region is gone for good, set spec.lost: true on it.";
        step.write(new ClusterWrite.Announce(
                state.pod.key(), state.pod.uid(), new Announcement(true, "TerminationNotConfirmed", text)));
    }
}
