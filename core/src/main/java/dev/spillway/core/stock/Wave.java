package dev.spillway.core.stock;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;

/** The requests for an offer that are under way, by the priority of their pods. */
final class Wave {
    /**
     * So long pods of lower priority are kept back at most while others are asked for without a pause: else a steady stream of
     * them would keep the offer to itself, where there may be enough for all. Chosen.
     */
    private static final Duration HEAD_START = Duration.ofSeconds(30);

    private final TreeMap<Integer, UnderWay> byPriority = new TreeMap<>();

    /** {@code since}: when the first of an unbroken sequence of requests left. */
    private record UnderWay(int requests, Instant since) {}

    void asked(int priority, Instant now) {
        byPriority.merge(
                priority, new UnderWay(1, now), (known, first) -> new UnderWay(known.requests() + 1, known.since()));
    }

    /** One of that priority was answered; true where none at all is under way any more. */
    boolean answered(int priority) {
        byPriority.computeIfPresent(
                priority,
                (p, known) -> known.requests() == 1 ? null : new UnderWay(known.requests() - 1, known.since()));
        return byPriority.isEmpty();
    }

    /** Whether a pod of this priority has to wait for the answers to others. */
    boolean keepsBack(int priority, Instant now) {
        return byPriority.tailMap(priority, false).values().stream()
                .anyMatch(higher -> now.isBefore(higher.since().plus(HEAD_START)));
    }
}
