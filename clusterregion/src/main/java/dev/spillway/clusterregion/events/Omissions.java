package dev.spillway.clusterregion.events;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How many events were left out since that was last asked, and why. Thread-safe. */
final class Omissions {
    private static final int MOST_REASONS = 5;

    private final Set<String> reasons = new TreeSet<>();
    private int count;

    record Omitted(int count, String why) {}

    synchronized void add(String why) {
        count++;
        if (reasons.size() < MOST_REASONS) {
            reasons.add(why);
        }
    }

    /** Those since the last call; empty where there are none. */
    synchronized Optional<Omitted> take() {
        if (count == 0) {
            return Optional.empty();
        }
        var omitted = new Omitted(count, String.join("; ", reasons));
        count = 0;
        reasons.clear();
        return Optional.of(omitted);
    }
}
