package dev.spillway.kube.feed;

import dev.spillway.core.model.Doubling;
import java.time.Duration;

/**
 * Times of a feed.
 *
 * @param relistEvery between two complete lists while the watch goes on: they repair what a watch lost in silence
 * @param longestSilence without an event or bookmark, after which a watch is taken for dead; the API server sends a bookmark
 *     about every minute
 * @param watchLength after which the server ends a watch and a new one goes on where it ended
 * @param pauses after one failure, two in a row, and so on
 * @param pageSize objects per page of a list
 */
public record FeedSettings(
        Duration relistEvery, Duration longestSilence, Duration watchLength, Doubling pauses, int pageSize) {
    /** For production. Chosen: a break is noticed within 90 s, a silent gap repaired within 5 min. */
    public static final FeedSettings DEFAULT = new FeedSettings(
            Duration.ofMinutes(5),
            Duration.ofSeconds(80),
            Duration.ofMinutes(8),
            new Doubling(Duration.ofMillis(200), Duration.ofSeconds(10)),
            500);
}
