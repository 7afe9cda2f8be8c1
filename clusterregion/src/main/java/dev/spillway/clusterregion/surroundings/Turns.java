package dev.spillway.clusterregion.surroundings;

import dev.spillway.clusterregion.call.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets one thread at a time work on an object of a cluster, which may mean to wait for that cluster. Thread-safe; reentrant. */
final class Turns {
    private final ReentrantLock lock = new ReentrantLock();

    /** Does it once it is this thread's turn, however long that takes. */
    <T extends @Nullable Object> T take(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does it if it is this thread's turn in time.
     *
     * @param late what comes of it otherwise, or where the thread is interrupted
     */
    <T extends @Nullable Object> T take(Deadline deadline, T late, Supplier<T> action) {
        try {
            if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return late;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return late;
        }
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
