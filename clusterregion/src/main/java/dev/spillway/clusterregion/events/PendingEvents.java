package dev.spillway.clusterregion.events;

import dev.spillway.clusterregion.mapping.EventMapping;
import dev.spillway.clusterregion.mapping.RegionEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that are still to be told, each in its newest state, oldest first; and which state was told of those that were. Bounded. Thread-safe.
 */
final class PendingEvents {
    /** So long the newest state is waited for, and for the pod to be known by the answer to its creation. */
    static final Duration SETTLED = Duration.ofMillis(250);

    private static final int MOST = 10_000;
    private static final int MOST_TOLD = 20_000;

    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private final Map<String, State> told = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
            return size() > MOST_TOLD;
        }
    };

    /**
     * What is written of an Event that is said again ({@link EventMapping#change}), in few bytes: there are several for each pod.
     *
     * @param message its hash
     */
    private record State(long lastSecond, int count, int message) {
        static State of(RegionEvent event) {
            return new State(
                    event.last().getEpochSecond(),
                    event.count(),
                    event.message().hashCode());
        }
    }

    /**
     * One of them.
     *
     * @param mayBeThere whether the home cluster may have it already, of an earlier process or in an older state
     */
    record Pending(RegionEvent event, boolean mayBeThere, long sinceNanos) {}

    /** Adds one, unless its state was told; false where there is no room. */
    synchronized boolean add(RegionEvent event, boolean isListed, long nowNanos) {
        var before = told.get(event.uid());
        if (State.of(event).equals(before)) {
            return true;
        }
        var waiting = pending.get(event.uid());
        if (waiting == null && pending.size() >= MOST) {
            return false;
        }
        boolean mayBeThere = isListed || before != null || (waiting != null && waiting.mayBeThere);
        pending.put(event.uid(), new Pending(event, mayBeThere, waiting == null ? nowNanos : waiting.sinceNanos));
        return true;
    }

    /** Those that have been there for a moment. */
    synchronized List<Pending> settled(long nowNanos) {
        return pending.values().stream()
                .filter(one -> nowNanos - one.sinceNanos >= SETTLED.toNanos())
                .toList();
    }

    /** It is told. */
    synchronized void told(Pending one) {
        told.put(one.event.uid(), State.of(one.event));
        done(one);
    }

    /** Nothing more is to be done about it, unless it has changed meanwhile. */
    synchronized void done(Pending one) {
        boolean _ = pending.remove(one.event.uid(), one);
    }
}
