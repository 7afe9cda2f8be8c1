package dev.spillway.core.report;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationEvent;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of pods on virtual nodes from what their instances report: one write for each meaningful state (R25.3).
 * It decides nothing.
 */
public final class PodReports {
    private final Step step;
    private final World world;
    private final PodWrites writes;

    public PodReports(Step step) {
        this.step = step;
        this.world = step.world();
        this.writes = step.writes();
    }

    /** Shows the state of the instance on the pod that is bound to it, unless it is shown already. */
    public void write(Allocation allocation) {
        var state = world.pod(allocation.uid());
        if (state != null && allocation.state() instanceof AllocationState.Bound bound) {
            var shown = shown(state.pod, bound.instance());
            if (!shown.equals(bound.shown())) {
                write(allocation, bound.instance(), state);
            }
        }
    }

    private void write(Allocation allocation, Instance instance, PodState state) {
        allocation.on(new AllocationEvent.StatusSent(shown(state.pod, instance)));
        writes.status(state, PodStatuses.of(state.pod, instance));
    }

    /** A pod whose instance is shown changed: others write the conditions on which its readiness depends. */
    public void podChanged(Allocation allocation, AllocationState.Bound bound, Pod pod) {
        var shown = bound.shown();
        if (shown != null
                && shown.state() == Instance.State.RUNNING
                && !shown.readinessGates().equals(pod.readinessGates())) {
            write(allocation);
        }
    }

    /** What a status of this pod, made of this instance, shows. */
    public static AllocationState.Shown shown(Pod pod, Instance instance) {
        return new AllocationState.Shown(
                instance.state(), instance.containers(), instance.detail(), pod.readinessGates());
    }

    /** A pod is seen; one that had ended and seems to be alive again was overwritten by somebody who did not know. */
    public void podSeen(PodState state, Pod seen) {
        var phase = state.pod.phase();
        if (state.ended == null && phase.isTerminal() && !seen.phase().isTerminal()) {
            state.ended = new PodState.Ended(PodStatuses.endedBefore(state.pod, phase), step.now(), false);
        }
    }

    /**
     * Shows again what the pod should show and, so long after it was written, does not: another process that had not heard of it
     * overwrote it.
     */
    public void repeat(PodState state, @Nullable Allocation allocation, Duration after) {
        var ended = state.ended;
        if (ended != null) {
            if (!ended.isShown() && ended.since().plus(after).isBefore(step.now())) {
                writes.status(state, ended.status());
            }
        } else if (allocation != null
                && allocation.state() instanceof AllocationState.Bound bound
                && state.outbox == null) {
            if (isOverwritten(state.pod, bound) || isOvertaken(state, bound.instance())) {
                write(allocation, bound.instance(), state);
            }
            if (state.pod.instance() == null) {
                writes.annotate(state, allocation.instanceAnnotations(bound.instance()));
            }
        }
    }

    /** A process that had not heard of it shows the pod as Pending; and the cluster marks pods as not ready whose node has no Lease. */
    private static boolean isOverwritten(Pod pod, AllocationState.Bound bound) {
        var shown = bound.shown();
        return shown != null
                && shown.state() == Instance.State.RUNNING
                && (pod.phase() == Pod.Phase.PENDING || isMarked(pod, bound.instance()));
    }

    /**
     * Whether the pod's status is another one than the region's own kubelet tells: the cluster marks pods as not ready whose node has no Lease, and a write
     * of an earlier leader may land late. True once for each status that is seen: what the home cluster cannot show differs for ever.
     */
    private static boolean isOvertaken(PodState state, Instance instance) {
        long seen = state.pod.detail();
        boolean isOther = instance.detail() != 0
                && seen != 0
                && seen != instance.detail()
                && state.pod.phase() == Pod.Phase.RUNNING
                && instance.state() == Instance.State.RUNNING;
        boolean isNews = isOther && seen != state.correctedDetail;
        state.correctedDetail = isOther ? seen : 0;
        return isNews;
    }

    /** What a pod of whose writes nothing is known seems to show; null where it has to be shown anew. */
    public static AllocationState.@Nullable Shown shownBy(Pod pod, Instance instance) {
        boolean runs = pod.phase() == Pod.Phase.RUNNING && instance.state() == Instance.State.RUNNING;
        return runs && !isMarked(pod, instance) && showsDetail(pod, instance) ? shown(pod, instance) : null;
    }

    /** Whether a pod that is shown as running says otherwise of readiness than its instance, where no region's own kubelet tells that. */
    private static boolean isMarked(Pod pod, Instance instance) {
        return instance.detail() == 0
                && pod.phase() == Pod.Phase.RUNNING
                && pod.ready() != PodStatuses.isReady(pod, instance);
    }

    /** Whether the pod's status has what a region's own kubelet tells, and is not called ready against its gates, of which that does not know. */
    private static boolean showsDetail(Pod pod, Instance instance) {
        return instance.detail() == 0
                || (instance.detail() == pod.detail()
                        && !(pod.ready() && pod.readinessGates().stream().anyMatch(gate -> !gate.isMet())));
    }

    /** The region is going to take the instance back: said so as soon as it is known, once (E56). */
    public void reclaimAnnounced(Allocation allocation) {
        var state = world.pod(allocation.uid());
        if (state == null
                || !(allocation.state() instanceof AllocationState.Bound bound)
                || bound.isReclaimTold()
                || !bound.instance().reason().equals(Instance.TO_BE_RELEASED)) {
            return;
        }
        var instance = bound.instance();
        allocation.on(new AllocationEvent.ReclaimTold());
        write(allocation, instance, state);
        step.write(new ClusterWrite.Announce(
                allocation.pod(),
                allocation.uid(),
                new Announcement(true, Instance.TO_BE_RELEASED, instance.message())));
    }

    /** Stock vanished after the pod was bound: it stays Pending and says so (E54). */
    public void noStock(Allocation allocation, Instance instance) {
        var message = instance.message();
        var state = world.pod(allocation.uid());
        if (state != null) {
            writes.status(state, PodStatuses.withoutInstance(state.pod, "NoStock", message));
            writes.annotate(state, Labels.of(Names.INSTANCE_ID, ""));
        }
        step.write(new ClusterWrite.Announce(
                allocation.pod(), allocation.uid(), new Announcement(true, "NoStock", message)));
    }
}
