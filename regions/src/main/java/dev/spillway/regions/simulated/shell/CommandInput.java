package dev.spillway.regions.simulated.shell;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is typed or piped to commands: a pipe of bounded size, and the place where a command waits and can be stopped. One thread puts in, one takes
 * out; any may end it. Thread-safe.
 */
public final class CommandInput {
    private static final int CAPACITY = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final byte[] bytes = new byte[CAPACITY];
    private int start;
    private int size;
    private boolean ended;
    private boolean endOfFile;
    private boolean interrupted;
    private boolean killed;

    /**
     * Puts bytes in, and waits for room where there is none; what nobody will take any more is dropped.
     *
     * @return how many were put in or dropped: fewer where there was no room within that time
     */
    public int put(byte[] from, int offset, int length, Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = most.toNanos();
            int count = 0;
            while (count < length && nanos > 0) {
                if (ended || killed) {
                    return length;
                }
                int piece = Math.min(length - count, CAPACITY - size);
                for (int i = 0; i < piece; i++) {
                    bytes[(start + size++) % CAPACITY] = from[offset + count++];
                }
                changed.signalAll();
                if (count < length) {
                    nanos = changed.awaitNanos(nanos);
                }
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will come. */
    public void end() {
        change(() -> ended = true);
    }

    /** Ends the input of the command that reads now, and not that of those after it: what Ctrl-D does. */
    public void endOfFile() {
        change(() -> endOfFile = true);
    }

    /** Stops the command that runs now, and forgets what it has not read: what Ctrl-C does. */
    public void interrupt() {
        change(() -> {
            interrupted = true;
            size = 0;
        });
    }

    /** Stops everything, for good. */
    public void kill() {
        change(() -> killed = true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A new command begins, or a new prompt: an interrupt was for the one before. */
    void clearInterrupt() {
        change(() -> interrupted = false);
    }

    /** Up to {@code length} bytes, at least one; -1 at the end. */
    int read(byte[] target, int offset, int length) throws StoppedException, InterruptedException {
        lock.lockInterruptibly();
        try {
            throwIfStopped();
            while (size == 0 && !ended && !endOfFile) {
                changed.await();
                throwIfStopped();
            }
            if (size == 0) {
                endOfFile = false;
                return -1;
            }
            int count = Math.min(length, size);
            for (int i = 0; i < count; i++) {
                target[offset + i] = bytes[(start + i) % CAPACITY];
            }
            start = (start + count) % CAPACITY;
            size -= count;
            changed.signalAll();
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless it is stopped. */
    void pause(Duration duration) throws StoppedException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = duration.toNanos();
            throwIfStopped();
            while (left > 0) {
                left = changed.awaitNanos(left);
                throwIfStopped();
            }
        } finally {
            lock.unlock();
        }
    }

    private void throwIfStopped() throws StoppedException {
        if (killed) {
            throw new StoppedException(StoppedException.KILLED);
        }
        if (interrupted) {
            throw new StoppedException(StoppedException.INTERRUPTED);
        }
    }
}
