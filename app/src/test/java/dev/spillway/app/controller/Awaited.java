package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must happen, with a deadline far above what it takes. */
final class Awaited {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Awaited() {}

    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(next).as("within %s", DEADLINE).isNotNull();
        return next;
    }

    static void until(String event, BooleanSupplier happened) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", event, DEADLINE).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
