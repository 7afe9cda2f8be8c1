package dev.spillway.clusterregion.call;

import java.time.Duration;

/** A point in time up to which something may take, by a clock that never goes back. Immutable. */
public final class Deadline {
    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    /** So much from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Half way to it from now: whoever keeps to that leaves as much time again for what follows. */
    public Deadline half() {
        return new Deadline(System.nanoTime() + left().toNanos() / 2);
    }

    /** The same, or so much from now if that is sooner. */
    public Deadline atMost(Duration time) {
        return left().compareTo(time) <= 0 ? this : in(time);
    }

    /** What is left, zero once it has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** Whether it has passed. */
    public boolean isOver() {
        return left().isZero();
    }
}
