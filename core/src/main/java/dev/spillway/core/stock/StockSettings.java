package dev.spillway.core.stock;

import java.time.Duration;

/**
 * Numbers of the stock picture.
 *
 * @param firstWindow requests in flight for an offer never asked
 * @param soldOut time for which a refused offer is not asked, doubled at each further refusal
 * @param soldOutMost longest such time
 * @param jitterPercent how far that time is spread, by a hash of offer and count
 */
public record StockSettings(int firstWindow, Duration soldOut, Duration soldOutMost, int jitterPercent) {
    /** The defaults; docs/concepts.md tells users. */
    public static final StockSettings DEFAULT = new StockSettings(8, Duration.ofSeconds(15), Duration.ofMinutes(3), 20);
}
