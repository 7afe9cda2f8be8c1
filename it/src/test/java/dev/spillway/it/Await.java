package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for an event that is named, and fails by that name. */
final class Await {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Await() {}

    /** Half a minute at most: for what a control plane does by itself. */
    static void await(String event, BooleanSupplier there) {
        await(event, Duration.ofSeconds(30), there);
    }

    static void await(String event, Duration most, BooleanSupplier there) {
        long end = System.nanoTime() + most.toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited %s for: %s", most, event).isLessThan(end);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
