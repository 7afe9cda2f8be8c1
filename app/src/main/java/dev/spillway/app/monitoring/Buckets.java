package dev.spillway.app.monitoring;

import java.time.Duration;
import java.util.stream.IntStream;

/** Upper bounds of the buckets of histograms. */
final class Buckets {
    private Buckets() {}

    /** Around the goal of 25 ms at the 99th percentile, and up to a sold-out period of 3 min. */
    static Duration[] ofBindings() {
        return millis(1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000, 180_000);
    }

    /** From a region next door to the longest deadline of a request. */
    static Duration[] ofRequests() {
        return millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000);
    }

    /** From a pod whose image is there to one that pulls a large one, or waits for a node. */
    static Duration[] ofStarts() {
        return millis(250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 40_000, 60_000, 120_000, 300_000, 900_000);
    }

    private static Duration[] millis(int... bounds) {
        return IntStream.of(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
