package dev.spillway.app.controller;

import dev.spillway.core.port.Urgency;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Runs calls that block, each on a virtual thread of its own, at most so many at once. Of those that wait the most urgent
 * begins first, and of equally urgent ones the first that came. Thread-safe.
 */
final class Lane {
    private final String name;
    private final IntSupplier width;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();

    // Guarded by lock.
    private final PriorityQueue<Call> waiting = new PriorityQueue<>();
    private long arrivals;
    private int running;
    private boolean closed;

    private record Call(Urgency urgency, long arrival, Runnable action) implements Comparable<Call> {
        @Override
        public int compareTo(Call other) {
            int order = urgency.compareTo(other.urgency);
            return order != 0 ? order : Long.compare(arrival, other.arrival);
        }
    }

    /** A lane whose width is asked before each begin. */
    Lane(String name, IntSupplier width) {
        this.name = name;
        this.width = width;
    }

    /** Runs the call when its turn comes; never where the lane is closed before that. It must not throw. */
    void run(Urgency urgency, Runnable call) {
        lock.lock();
        try {
            if (!closed) {
                waiting.add(new Call(urgency, arrivals++, call));
                begin();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The width may have grown. */
    void widened() {
        lock.lock();
        try {
            begin();
        } finally {
            lock.unlock();
        }
    }

    /** Begins no further call. Returns at once. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no call runs, at most so long. */
    void awaitIdle(Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = most.toNanos();
            while (running > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    // Called with the lock held.
    private void begin() {
        while (!waiting.isEmpty() && running < width.getAsInt()) {
            var call = waiting.remove();
            running++;
            Thread.ofVirtual().name(name).start(() -> {
                try {
                    call.action().run();
                } finally {
                    ended();
                }
            });
        }
    }

    private void ended() {
        lock.lock();
        try {
            running--;
            if (running == 0) {
                idle.signalAll();
            }
            begin();
        } finally {
            lock.unlock();
        }
    }
}
