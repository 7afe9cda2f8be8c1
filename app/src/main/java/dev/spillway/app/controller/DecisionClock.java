package dev.spillway.app.controller;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The clock that decisions go by: wall time plus an offset that only grows (R24.4). It never goes back: where
 * the wall clock is set back, the offset grows by as much, so that waits are not prolonged. Thread-safe.
 */
public final class DecisionClock implements InstantSource {
    private final InstantSource wallClock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private Duration offset = Duration.ZERO;
    private Instant latest = Instant.MIN;

    /** A clock that shows wall time until it is advanced. */
    public DecisionClock(InstantSource wallClock) {
        this.wallClock = wallClock;
    }

    /** The clock of this machine. */
    public static DecisionClock system() {
        return new DecisionClock(InstantSource.system());
    }

    @Override
    public synchronized Instant instant() {
        var now = wallClock.instant().plus(offset);
        if (now.isBefore(latest)) {
            offset = offset.plus(Duration.between(now, latest));
            now = latest;
        }
        latest = now;
        return now;
    }

    /** Moves the clock ahead at once and wakes whoever waits for it. A negative step is an {@link IllegalArgumentException}. */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("The decision clock cannot go back by %s.".formatted(step.negated()));
        }
        synchronized (this) {
            offset = offset.plus(step);
        }
        listeners.forEach(Runnable::run);
    }

    /** How far the clock is ahead of wall time. */
    public synchronized Duration offset() {
        return offset;
    }

    /** Calls the listener after each {@link #advance}, in the advancing thread, until the registration is closed. */
    public Registration onAdvance(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Ends what it was given for. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
