package dev.spillway.regions.simulated;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One pool of stock: every offer it matches takes from it, all its zones and models together. An offer belongs to the first
 * line that matches it; one that no line matches is out of stock. An instance counts as one, however many GPUs it has.
 *
 * @param microsUsdPerHour price of one instance, in micro US dollars
 * @param run how long the containers run before they end with 0, unless the pod restarts them always; null = the region's
 */
public record StockLine(
        OfferSelector selector,
        StockScript script,
        long microsUsdPerHour,
        @Nullable Duration run) {
    public StockLine {
        if (microsUsdPerHour < 0) {
            throw new IllegalArgumentException("A price must not be negative, it is " + microsUsdPerHour + ".");
        }
    }

    /** A free line of the given offers. */
    public StockLine(OfferSelector selector, StockScript script) {
        this(selector, script, 0, null);
    }
}
