package dev.spillway.core.rescue;

import dev.spillway.core.model.Offer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How long starts of each offer took, from acceptance to running, and so how long the next one is waited for: four times the slowest of
 * the last 20, at least 5 min, at most 1 h; 15 min before there are five of them. It is learned from this process's own starts alone and
 * begins with nothing. Of offers beyond 1,000 the one without a start for longest is forgotten. Reads no clock. Not thread-safe; owned by
 * the engine's thread.
 */
final class StartTimes {
    static final int KEPT = 20;
    static final int ENOUGH = 5;
    static final int MOST_OFFERS = 1_000;

    private static final int TIMES = 4;
    private static final Duration LEAST = Duration.ofMinutes(5);
    private static final Duration MOST = Duration.ofHours(1);
    private static final Duration UNTIL_KNOWN = Duration.ofMinutes(15);

    private final LinkedHashMap<Offer, Deque<Duration>> byOffer = new LinkedHashMap<>(); // the latest start is last

    /** An instance of the offer took so long to start. */
    void started(Offer offer, Duration took) {
        var known = byOffer.remove(offer);
        var starts = known == null ? new ArrayDeque<Duration>() : known;
        starts.addLast(took);
        if (starts.size() > KEPT) {
            starts.removeFirst();
        }
        byOffer.put(offer, starts);
        if (byOffer.size() > MOST_OFFERS) {
            byOffer.pollFirstEntry();
        }
    }

    /** How long a start of the offer is waited for. */
    Duration deadline(Offer offer) {
        var starts = byOffer.get(offer);
        if (starts == null || starts.size() < ENOUGH) {
            return UNTIL_KNOWN;
        }
        var deadline = slowest(starts).multipliedBy(TIMES);
        return deadline.compareTo(LEAST) < 0 ? LEAST : deadline.compareTo(MOST) > 0 ? MOST : deadline;
    }

    /** How long starts of the offer take usually, for people. */
    String usual(Offer offer) {
        var starts = byOffer.get(offer);
        if (starts == null) {
            return "no other start of this offer has been seen yet";
        }
        return starts.size() == 1
                ? "the only start of this offer seen so far took %s".formatted(text(slowest(starts)))
                : "the last %d starts of this offer took %s at most".formatted(starts.size(), text(slowest(starts)));
    }

    /** Whole seconds, rounded up, in minutes where there are many. */
    static String text(Duration time) {
        long seconds = time.plusSeconds(1).minusNanos(1).toSeconds();
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }

    private static Duration slowest(Deque<Duration> starts) {
        @Nullable
        Duration slowest = starts.stream().max(Comparator.naturalOrder()).orElse(null);
        return slowest == null ? Duration.ZERO : slowest;
    }
}
