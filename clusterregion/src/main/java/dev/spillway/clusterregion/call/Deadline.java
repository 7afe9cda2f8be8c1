package dev.spillway.clusterregion.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A point in time up to which something may take, by a clock that never goes back. Immutable. */
public final class Deadline {
    private final long endNanos;
    private final @Nullable Duration step;

    private Deadline(long endNanos, @Nullable Duration step) {
        this.endNanos = endNanos;
        this.step = step;
    }

    /** So much from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos(), null);
    }

    /** Half way to it from now: whoever keeps to that leaves as much time again for what follows. */
    public Deadline half() {
        return new Deadline(System.nanoTime() + left().toNanos() / 2, null);
    }

    /** The same, or so much from now if that is sooner. */
    public Deadline atMost(Duration time) {
        return left().compareTo(time) <= 0 ? this : in(time);
    }

    /** The same for many steps, of which each may take so much. */
    public Deadline inSteps(Duration each) {
        return new Deadline(endNanos, each);
    }

    /** That of a step that begins now; the same where there are none. */
    public Deadline step() {
        return step == null ? this : new Deadline(endNanos, null).atMost(step);
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
