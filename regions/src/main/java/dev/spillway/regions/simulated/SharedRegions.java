package dev.spillway.regions.simulated;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The state machine for many threads and on a clock: one lock, and one thread that lets happen what is due. Waits are in wall
 * time, everything that happens in the regions in time of the decision clock.
 */
final class SharedRegions implements AutoCloseable {
    // The decision clock may jump; a jump is noticed within this time.
    private static final Duration LOOK_AT_CLOCK_EVERY = Duration.ofMillis(20);

    private final ReentrantLock lock = new ReentrantLock();
    // Signalled when an instance or a region changed, and at the end.
    private final Condition changed = lock.newCondition();
    private final InstantSource decisionClock;
    private final InstantSource wallClock;
    // Guarded by lock.
    private final SimulatedRegions regions;
    private boolean closed;

    SharedRegions(SimulatedRegions regions, InstantSource decisionClock, InstantSource wallClock) {
        this.regions = regions;
        this.decisionClock = decisionClock;
        this.wallClock = wallClock;
    }

    void start() {
        Thread.ofVirtual().name("simulated-regions-clock").start(this::followClock);
    }

    /** Asks or tells the regions something at the present instant. */
    <T> T at(BiFunction<SimulatedRegions, Instant, T> call) {
        lock.lock();
        try {
            Instant now = advance();
            long before = regions.lastObservation();
            T answer = call.apply(regions, now);
            if (regions.lastObservation() != before) {
                changed.signalAll();
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /** Changes what regions are or how they behave; whoever waits looks again. */
    void change(BiConsumer<SimulatedRegions, Instant> change) {
        lock.lock();
        try {
            change.accept(regions, advance());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@code ready} gives something, at most so long; empty where time ran out or the server ends. */
    <T> Optional<T> await(Function<SimulatedRegions, Optional<T>> ready, Duration most) throws InterruptedException {
        lock.lock();
        try {
            long left = most.toNanos();
            advance();
            Optional<T> answer = ready.apply(regions);
            while (answer.isEmpty() && left > 0 && !closed) {
                left = changed.awaitNanos(left);
                advance();
                answer = ready.apply(regions);
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server ends. */
    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Wall time, in which containers start, write and end. */
    Instant wallTime() {
        return wallClock.instant();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void followClock() {
        lock.lock();
        try {
            while (!closed) {
                Instant now = advance();
                Optional<Instant> next = regions.nextChange();
                if (next.isEmpty()) {
                    changed.await();
                } else {
                    Duration until = Duration.between(now, next.get());
                    Duration wait = until.compareTo(LOOK_AT_CLOCK_EVERY) < 0 ? until : LOOK_AT_CLOCK_EVERY;
                    // Not shorter than a millisecond: the clock may be coarser than the wait.
                    changed.awaitNanos(Math.max(1_000_000, wait.toNanos()));
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    // Whoever lets something happen tells the others.
    private Instant advance() {
        Instant now = decisionClock.instant();
        regions.clockIsAheadBy(Duration.between(wallClock.instant(), now));
        long before = regions.lastObservation();
        regions.advance(now);
        if (regions.lastObservation() != before) {
            changed.signalAll();
        }
        return now;
    }
}
