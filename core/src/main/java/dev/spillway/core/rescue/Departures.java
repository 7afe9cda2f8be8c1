package dev.spillway.core.rescue;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Deletes pods that give up their place, gracefully, one request for each: sent again as long as it has no answer and is still wanted, and
 * left alone for 10 min where the API server refuses. It decides nothing.
 */
public final class Departures {
    private static final Duration REFUSED = Duration.ofMinutes(10);

    private final Step step;
    private final Map<PodUid, Sent> sent = new HashMap<>(); // only looked up, like the other two
    private final Map<PodUid, Instant> refusedUntil = new HashMap<>();
    private final Map<PodUid, Set<String>> told = new HashMap<>();

    /** Nobody leaves yet. */
    public Departures(Step step) {
        this.step = step;
    }

    private static final class Sent {
        private final String reason;
        private final Predicate<PodState> isWanted;
        private final Consumer<Pod> onStay;
        private int tries;

        Sent(String reason, Predicate<PodState> isWanted, Consumer<Pod> onStay) {
            this.reason = reason;
            this.isWanted = isWanted;
            this.onStay = onStay;
        }
    }

    /** Whether the pod may be told to leave: it was not yet, and the API server did not refuse that just now. */
    boolean mayLeave(PodState state) {
        var uid = state.pod.uid();
        var until = refusedUntil.get(uid);
        return isThere(state)
                && !sent.containsKey(uid)
                && (until == null || !step.now().isBefore(until));
    }

    /**
     * The pod is deleted, and told why by one event.
     *
     * @param reason of the condition DisruptionTarget and of the event
     * @param isWanted whether that is still right, asked before it is sent again
     * @param onStay told where the pod stays after all
     */
    void leave(PodState state, String reason, String why, Predicate<PodState> isWanted, Consumer<Pod> onStay) {
        var pod = state.pod;
        sent.put(pod.uid(), new Sent(reason, isWanted, onStay));
        announce(pod, new Announcement(false, reason, why));
        step.write(new ClusterWrite.GiveUp(pod.key(), pod.uid(), reason, why));
    }

    /** Tells the pod something that is said once for each reason. */
    void tellOnce(Pod pod, Announcement what) {
        if (told.computeIfAbsent(pod.uid(), uid -> new HashSet<>()).add(what.reason())) {
            announce(pod, what);
        }
    }

    private void announce(Pod pod, Announcement what) {
        step.write(new ClusterWrite.Announce(pod.key(), pod.uid(), what));
    }

    /** A deletion was answered. */
    public void written(ClusterWrite.GiveUp write, WriteAnswer answer) {
        var known = sent.get(write.uid());
        var state = step.world().pod(write.uid());
        if (known == null || state == null || !known.reason.equals(write.reason())) {
            return;
        }
        switch (answer) {
            case WriteAnswer.Done(), WriteAnswer.Gone(), WriteAnswer.Conflict _ -> {} // the feed will say so
            case WriteAnswer.Refused(int code, String message) -> {
                refusedUntil.put(write.uid(), step.now().plus(REFUSED));
                stays(state, known);
                announce(
                        state.pod,
                        new Announcement(
                                true, "GivingUpRefused", "The pod stays where it is: " + code + " " + message));
            }
            case WriteAnswer.Unknown _ -> step.after(Step.pause(known.tries++), () -> again(write, known));
        }
    }

    private void again(ClusterWrite.GiveUp write, Sent known) {
        var state = step.world().pod(write.uid());
        if (state == null || !isThere(state) || sent.get(write.uid()) != known) {
            return;
        }
        if (known.isWanted.test(state)) {
            step.write(write);
        } else {
            stays(state, known);
        }
    }

    private void stays(PodState state, Sent known) {
        sent.remove(state.pod.uid());
        known.onStay.accept(state.pod);
    }

    /** The pod's object is gone. */
    void podGone(PodUid uid) {
        sent.remove(uid);
        refusedUntil.remove(uid);
        told.remove(uid);
    }

    /** Whether the pod is neither deleted nor over. */
    static boolean isThere(PodState state) {
        return !state.pod.deleting() && !state.pod.phase().isTerminal() && !state.failed;
    }
}
