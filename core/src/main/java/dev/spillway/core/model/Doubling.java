package dev.spillway.core.model;

import java.time.Duration;

/**
 * A time that doubles at each further turn, up to a limit: how long to wait after the first failure, the second, and so on. Immutable.
 *
 * @param first at the first turn, positive or zero
 * @param most never more than this
 */
public record Doubling(Duration first, Duration most) {
    private static final int DOUBLED_AT_MOST = 30; // keeps the product in range; any limit is reached long before

    /** At the {@code turn}-th turn, from 1. */
    public Duration at(int turn) {
        return limited(first.multipliedBy(1L << Math.min(turn - 1, DOUBLED_AT_MOST)));
    }

    /** At the turn after the one that had {@code last}. */
    public Duration after(Duration last) {
        return limited(last.multipliedBy(2));
    }

    private Duration limited(Duration time) {
        return time.compareTo(most) < 0 ? time : most;
    }
}
