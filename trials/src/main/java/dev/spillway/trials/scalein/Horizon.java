package dev.spillway.trials.scalein;

import java.time.Instant;

/**
 * What the owner of pods can have seen of them when it chose.
 *
 * @param first number of the first deletion: its choice was made before
 * @param known what was over by this number it did not see any more
 * @param since nor what was over by this time
 */
record Horizon(long first, long known, Instant since) {
    /** Whether it may have seen what a change put an end to. */
    boolean mayHaveSeenBefore(long number, Instant seen) {
        return number > known && !seen.isBefore(since);
    }
}
