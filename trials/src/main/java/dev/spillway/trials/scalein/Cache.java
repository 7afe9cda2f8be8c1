package dev.spillway.trials.scalein;

import dev.spillway.trials.scalein.ReplicaSetVersion.Counted;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the cache of a ReplicaSet's controller has come at least. Its status tells: it counts pods and ready ones, so the cache is not
 * older than the first state, after the one known before, in which there were so many.
 */
final class Cache {
    private final NavigableMap<Long, Counted> states = new TreeMap<>(); // by the number of the change that made them
    private @Nullable Counted status;
    private long known;

    /** The number of a change that the cache has seen. */
    long known() {
        return known;
    }

    void changed(long number, Collection<PodVersion> active) {
        int ready = Math.toIntExact(
                active.stream().filter(pod -> pod.standing().isReady()).count());
        states.put(number, new Counted(active.size(), ready));
    }

    /** Another version of the status; the same again says nothing new. */
    void counted(Counted now) {
        if (status != null && !status.equals(now)) {
            states.tailMap(known, true).entrySet().stream()
                    .filter(state -> state.getValue().equals(now))
                    .findFirst()
                    .ifPresent(state -> {
                        known = state.getKey();
                        states.headMap(known, false).clear();
                    });
        }
        status = now;
    }
}
