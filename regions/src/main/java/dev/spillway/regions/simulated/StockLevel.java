package dev.spillway.regions.simulated;

/**
 * What a stock line has at a moment.
 *
 * @param overridden set at run time, in place of what the region declares
 * @param instances what the script says, in all
 * @param held by instances now; may be above {@code instances} when the script has fallen
 */
public record StockLevel(StockLine line, boolean overridden, int instances, int held) {
    /** What can still be had. */
    public int free() {
        return Math.max(0, instances - held);
    }
}
