package dev.spillway.clusterregion;

import dev.spillway.clusterregion.edits.Follower;
import dev.spillway.clusterregion.surroundings.CopyTimes;
import dev.spillway.core.model.Doubling;
import java.time.Duration;

/**
 * Times of what is done beside requests.
 *
 * @param betweenRounds from the end of one to the start of the next
 * @param forgotten so old a pod without a node must be that nobody of this process waits for: no request of another one may be under way
 * @param follow after one try to pass on an edit that failed, two in a row, and so on
 */
record Times(Duration betweenRounds, Duration forgotten, CopyTimes copies, Doubling follow) {
    /** For production; chosen. */
    static final Times DEFAULT =
            new Times(Duration.ofSeconds(10), Duration.ofMinutes(2), CopyTimes.DEFAULT, Follower.PAUSES);
}
