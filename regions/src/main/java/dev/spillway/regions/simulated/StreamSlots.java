package dev.spillway.regions.simulated;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts the streams that are open, and bounds them: each has a thread, and a client that never closes it. Thread-safe. */
final class StreamSlots {
    private final int most;
    private final Semaphore free;

    StreamSlots(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    /** A stream's place. Closing it a second time changes nothing. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /** A place for one more, empty where there is none. */
    Optional<Slot> take() {
        if (!free.tryAcquire()) {
            return Optional.empty();
        }
        AtomicBoolean taken = new AtomicBoolean(true);
        return Optional.of(() -> {
            if (taken.compareAndSet(true, false)) {
                free.release();
            }
        });
    }

    /** What to tell who gets none. */
    String whyNot() {
        return "As many streams are open as there may be, which is %d; close some.".formatted(most);
    }

    int taken() {
        return most - free.availablePermits();
    }
}
