package dev.spillway.core.step;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.WriteAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that status and annotations of a pod arrive: a write that failed is sent again until it succeeds or a newer one takes its
 * place (R24.3). A status never goes back to an earlier phase; annotations that come while others are on their way follow them, all in
 * one. In which order writes go out is {@link WriteOrder}'s.
 */
public final class PodWrites {
    private final Step step;

    public PodWrites(Step step) {
        this.step = step;
    }

    /** What is under way for one pod; there is none while nothing is. */
    public static final class Outbox {
        private @Nullable PodStatus status; // the newest: on its way, or about to be sent again
        private @Nullable Labels annotations;
        private @Nullable Labels nextAnnotations;
        private int tries;

        private boolean isEmpty() {
            return status == null && annotations == null;
        }
    }

    /** Shows a status on the pod, unless that would be a step back: a phase never returns to an earlier one. */
    public void status(PodState state, PodStatus status) {
        if (isStepBack(state.pod.phase(), status.phase())) {
            return;
        }
        var outbox = outbox(state);
        if (outbox.status == null || !isStepBack(outbox.status.phase(), status.phase())) {
            outbox.tries = 0;
            send(state, outbox, status);
        }
    }

    private static boolean isStepBack(Pod.Phase from, Pod.Phase to) {
        return (from.isTerminal() && to != from) || (from == Pod.Phase.RUNNING && to == Pod.Phase.PENDING);
    }

    private void send(PodState state, Outbox outbox, PodStatus status) {
        outbox.status = status;
        if (status.phase().isTerminal() && state.ended == null) {
            // From here on, since the write may take effect and be overwritten before its answer comes, if one comes.
            state.ended =
                    new PodState.Ended(status, step.now(), state.pod.phase().isTerminal());
        }
        step.write(new ClusterWrite.WriteStatus(state.pod.key(), state.pod.uid(), status));
    }

    /** Adds or replaces annotations of the pod; false where a write that says the same is under way or waits. */
    public boolean annotate(PodState state, Labels annotations) {
        var outbox = outbox(state);
        var flying = outbox.annotations;
        if (flying == null) {
            send(state, outbox, annotations);
            return true;
        }
        var next = outbox.nextAnnotations;
        if (next == null ? flying.containsAll(annotations) : next.containsAll(annotations)) {
            return false;
        }
        outbox.nextAnnotations = next == null ? annotations : next.with(annotations);
        return true;
    }

    private void send(PodState state, Outbox outbox, Labels annotations) {
        outbox.annotations = annotations;
        step.write(new ClusterWrite.Annotate(state.pod.key(), state.pod.uid(), annotations));
    }

    /** A status was written, or not. */
    public void written(ClusterWrite.WriteStatus write, WriteAnswer answer) {
        var state = step.world().pod(write.uid());
        var outbox = state == null ? null : state.outbox;
        if (state == null || outbox == null || !write.status().equals(outbox.status)) {
            return;
        }
        if (answer instanceof WriteAnswer.Done || answer instanceof WriteAnswer.Gone) {
            outbox.status = null;
            outbox.tries = 0;
            close(state, outbox);
        } else {
            step.after(Step.pause(outbox.tries++), () -> statusAgain(write.uid(), write.status()));
        }
    }

    private void statusAgain(PodUid uid, PodStatus status) {
        var state = step.world().pod(uid);
        var outbox = state == null ? null : state.outbox;
        if (state == null || outbox == null || !status.equals(outbox.status)) {
            return;
        }
        if (state.pod.phase().isTerminal()) {
            outbox.status = null;
            close(state, outbox);
        } else {
            send(state, outbox, status);
        }
    }

    /** Annotations were written, or not. Only a doubtful answer is worth another try: a definite one will not change. */
    public void written(ClusterWrite.Annotate write, WriteAnswer answer) {
        var state = step.world().pod(write.uid());
        var outbox = state == null ? null : state.outbox;
        if (state == null || outbox == null || !write.annotations().equals(outbox.annotations)) {
            return;
        }
        if (answer instanceof WriteAnswer.Unknown) {
            step.after(Step.pause(0), () -> annotateAgain(write.uid(), write.annotations()));
        } else {
            sendNext(state, outbox, Labels.empty());
        }
    }

    private void annotateAgain(PodUid uid, Labels annotations) {
        var state = step.world().pod(uid);
        var outbox = state == null ? null : state.outbox;
        if (state != null && outbox != null && annotations.equals(outbox.annotations)) {
            sendNext(state, outbox, annotations);
        }
    }

    private void sendNext(PodState state, Outbox outbox, Labels failed) {
        var next = outbox.nextAnnotations;
        outbox.nextAnnotations = null;
        var all = next == null ? failed : failed.with(next);
        if (all.isEmpty()) {
            outbox.annotations = null;
            close(state, outbox);
        } else {
            send(state, outbox, all);
        }
    }

    private static Outbox outbox(PodState state) {
        if (state.outbox == null) {
            state.outbox = new Outbox();
        }
        return state.outbox;
    }

    private static void close(PodState state, Outbox outbox) {
        if (outbox.isEmpty()) {
            state.outbox = null;
        }
    }
}
