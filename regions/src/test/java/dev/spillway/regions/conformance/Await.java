package dev.spillway.regions.conformance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.opentest4j.AssertionFailedError;

/** Waits for a condition with a deadline, for things that happen by themselves in wall time. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Await() {}

    /** Returns as soon as the condition holds; fails with {@code what} after 20 s. */
    public static void until(String what, Supplier<Boolean> condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() > end) {
                throw new AssertionFailedError("Waited %s in vain for: %s".formatted(DEADLINE, what));
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
