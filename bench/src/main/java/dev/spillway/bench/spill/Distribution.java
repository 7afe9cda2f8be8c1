package dev.spillway.bench.spill;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Measured durations.
 *
 * @param sorted ascending
 */
record Distribution(List<Duration> sorted) {
    Distribution {
        sorted = sorted.stream().sorted().toList();
    }

    static Distribution of(Collection<Duration> durations) {
        return new Distribution(List.copyOf(durations));
    }

    int count() {
        return sorted.size();
    }

    /**
     * The smallest duration that at least so many percent do not exceed (nearest rank, without interpolation).
     *
     * @param percent 1 to 100
     */
    Duration percentile(int percent) {
        if (sorted.isEmpty()) {
            throw new IllegalStateException("Nothing was measured, so there is no percentile.");
        }
        int rank = Math.ceilDiv(sorted.size() * percent, 100);
        return sorted.get(rank - 1);
    }

    /** The duration at a percentile in milliseconds; {@code -} where nothing was measured. */
    String millis(int percent) {
        return sorted.isEmpty() ? "-" : "%.1f ms".formatted(percentile(percent).toNanos() / 1e6);
    }
}
