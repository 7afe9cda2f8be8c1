package dev.spillway.clusterregion;

import dev.spillway.clusterregion.surroundings.CopyTimes;
import java.time.Duration;

/**
 * Times of housekeeping.
 *
 * @param betweenRounds from the end of one to the start of the next
 * @param forgotten so old a pod without a node must be that nobody of this process waits for: no request of another one may be under way
 */
record Times(Duration betweenRounds, Duration forgotten, CopyTimes copies) {
    /** For production; chosen. */
    static final Times DEFAULT = new Times(Duration.ofSeconds(10), Duration.ofMinutes(2), CopyTimes.DEFAULT);
}
