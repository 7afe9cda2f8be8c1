package dev.spillway.simulation;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Virtual time: one queue of what happens when, in milliseconds. What is due at the same moment happens in the order in
 * which it was entered.
 */
final class Timeline {
    /** When every run begins. */
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private record Due(long atMillis, long number, Runnable action) {}

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::atMillis).thenComparingLong(Due::number));
    private long nowMillis;
    private long entered;

    /** Milliseconds since the start. */
    long millis() {
        return nowMillis;
    }

    Instant now() {
        return START.plusMillis(nowMillis);
    }

    /** Enters an action; what is past happens now. */
    void at(long millis, Runnable action) {
        queue.add(new Due(Math.max(millis, nowMillis), entered++, action));
    }

    void at(Instant when, Runnable action) {
        at(millisOf(when), action);
    }

    void after(long millis, Runnable action) {
        at(nowMillis + millis, action);
    }

    /** Lets the next thing happen, if it is due by then; else goes to that moment and returns false. */
    boolean step(long untilMillis) {
        var next = queue.peek();
        if (next == null || next.atMillis > untilMillis) {
            nowMillis = Math.max(nowMillis, untilMillis);
            return false;
        }
        queue.remove();
        nowMillis = next.atMillis;
        next.action.run();
        return true;
    }

    /** The first whole millisecond that is not before an instant. */
    static long millisOf(Instant when) {
        long floor = when.toEpochMilli();
        long millis = floor - START.toEpochMilli();
        return when.isAfter(Instant.ofEpochMilli(floor)) ? millis + 1 : millis;
    }
}
