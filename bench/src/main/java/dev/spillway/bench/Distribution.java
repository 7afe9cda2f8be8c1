package dev.spillway.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Measured durations.
 *
 * @param sorted ascending
 */
public record Distribution(List<Duration> sorted) {
    /** Sorts them. */
    public Distribution {
        sorted = sorted.stream().sorted().toList();
    }

    /** The distribution of these, in any order. */
    public static Distribution of(Collection<Duration> durations) {
        return new Distribution(List.copyOf(durations));
    }

    /** How many there are. */
    public int count() {
        return sorted.size();
    }

    /**
     * The smallest duration that at least so many percent do not exceed (nearest rank, without interpolation).
     *
     * @param percent 1 to 100
     */
    public Duration percentile(int percent) {
        if (sorted.isEmpty()) {
            throw new IllegalStateException("Nothing was measured, so there is no percentile.");
        }
        int rank = Math.ceilDiv(sorted.size() * percent, 100);
        return sorted.get(rank - 1);
    }

    /** The duration at a percentile in milliseconds; {@code -} where nothing was measured. */
    public String millis(int percent) {
        return sorted.isEmpty() ? "-" : "%.1f ms".formatted(percentile(percent).toNanos() / 1e6);
    }
}
