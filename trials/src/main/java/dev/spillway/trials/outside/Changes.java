package dev.spillway.trials.outside;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what watches report, so that whoever waits for something looks again when anything has changed. Thread-safe. */
final class Changes {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private long count; // guarded by lock

    void add() {
        lock.lock();
        try {
            count++;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Returns as soon as there were more changes than {@code seen}, or after that time. */
    void awaitMoreThan(long seen, Duration most) throws InterruptedException {
        lock.lock();
        try {
            long left = most.toNanos();
            while (count <= seen && left > 0) {
                left = more.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long to wait for the next change at most: a watch may have broken without a word. */
    static Duration lookAgainAfter(long deadlineNanos) {
        long left = deadlineNanos - System.nanoTime();
        return Duration.ofNanos(Math.clamp(left, 0, TimeUnit.SECONDS.toNanos(1)));
    }
}
