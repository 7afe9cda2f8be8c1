package dev.spillway.core.rescue;

import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * The brake: of one owner a pod is given up only when one that came after the last one given up is Ready. One that came after it and is
 * stuck itself may be given up in turn, 30 s later, then 1 min, doubled to 10 min, since one place stays empty all the time. What an earlier process
 * gave up is not known here. Not thread-safe; owned by the engine's thread.
 */
final class OneAtATime {
    /** Owners that never made another pod, for they were scaled in or deleted; the oldest are forgotten. */
    private static final int MOST = 10_000;

    private static final Doubling PAUSES = new Doubling(Duration.ofSeconds(30), Duration.ofMinutes(10));

    private final LinkedHashMap<String, Turn> turns = new LinkedHashMap<>(); // by the owner's UID

    /**
     * A pod was given up and none that came after it is Ready yet.
     *
     * @param before the pods that the owner had then
     * @param number how many were given up one after another, this one included
     */
    private record Turn(PodUid pod, Set<PodUid> before, Instant since, int number) {}

    /** Whether the pod may be given up now. */
    boolean allows(Pod pod, Owner owner, Instant now) {
        var turn = turns.get(owner.uid());
        return turn == null
                || (!turn.before.contains(pod.uid()) && !now.isBefore(turn.since.plus(PAUSES.at(turn.number))));
    }

    /** The pod is given up; {@code present}: the owner's pods, this one included. */
    void begins(Pod pod, Owner owner, Set<PodUid> present, Instant now) {
        var last = turns.remove(owner.uid());
        turns.put(owner.uid(), new Turn(pod.uid(), Set.copyOf(present), now, last == null ? 1 : last.number + 1));
        if (turns.size() > MOST) {
            turns.pollFirstEntry();
        }
    }

    /** The pod is not given up after all. */
    void cancelled(Pod pod) {
        var owner = pod.owner();
        var turn = owner == null ? null : turns.get(owner.uid());
        if (owner != null && turn != null && turn.pod.equals(pod.uid())) {
            turns.remove(owner.uid());
        }
    }

    /** A pod is seen: it may be the one that was waited for. */
    void seen(Pod pod) {
        var owner = pod.owner();
        if (turns.isEmpty() || owner == null || !pod.ready() || pod.deleting()) {
            return;
        }
        var turn = turns.get(owner.uid());
        if (turn != null && !turn.before.contains(pod.uid())) {
            turns.remove(owner.uid());
        }
    }
}
