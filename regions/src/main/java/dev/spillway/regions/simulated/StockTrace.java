package dev.spillway.regions.simulated;

import java.time.Duration;
import java.util.BitSet;

/**
 * A recorded trace of stock: was there any, probed at equal intervals. Immutable.
 *
 * <p>The format is that of the spot traces of SkyPilot (Can't Be Late, NSDI 2024): one number per probe, above 0 when an
 * instance could be had.
 */
public final class StockTrace {
    private final Duration gap;
    private final int probes;
    private final BitSet available;

    /** A trace of the given probes, one per {@code gap}. Both must be positive. */
    public StockTrace(Duration gap, int probes, BitSet available) {
        if (!gap.isPositive() || probes < 1) {
            throw new IllegalArgumentException(
                    "A trace needs a positive gap and at least one probe, it has %s and %d.".formatted(gap, probes));
        }
        this.gap = gap;
        this.probes = probes;
        this.available = (BitSet) available.clone();
    }

    /** Whether there was stock so long after the beginning; after the end the trace begins again. */
    boolean isAvailable(long elapsedMillis) {
        return available.get((int) (elapsedMillis / gap.toMillis() % probes));
    }

    /** Probes that found stock. */
    public int availableProbes() {
        return available.get(0, probes).cardinality();
    }

    /** Probes in all. */
    public int probes() {
        return probes;
    }

    /** Time between two probes. */
    public Duration gap() {
        return gap;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StockTrace trace
                && gap.equals(trace.gap)
                && probes == trace.probes
                && available.equals(trace.available);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * gap.hashCode() + probes) + available.hashCode();
    }
}
