package dev.spillway.trials.demo;

import dev.spillway.app.controller.DecisionClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes a decision clock go several times as fast as the wall clock, in small steps, until it is closed. */
final class Pace implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(20);

    private final Thread thread;

    private Pace(Thread thread) {
        this.thread = thread;
    }

    /** A clock of that speed; 1 is that of the wall clock. */
    static Pace of(DecisionClock clock, int speed) {
        return new Pace(Thread.ofVirtual().name("pace").start(() -> drive(clock, speed)));
    }

    private static void drive(DecisionClock clock, int speed) {
        if (speed == 1) {
            return;
        }
        long last = System.nanoTime();
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
                long now = System.nanoTime();
                clock.advance(Duration.ofNanos(now - last).multipliedBy(speed - 1L));
                last = now;
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
