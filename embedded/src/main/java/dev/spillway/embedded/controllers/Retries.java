package dev.spillway.embedded.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How often something that keeps failing would have been tried by now: at once, then after delays that double.
 *
 * <p>Rules: client-go {@code util/workqueue/default_rate_limiters.go}.
 */
final class Retries {

    /** What was tried so often, and is due again at a moment. */
    private record Failing(int tries, Instant due) {}

    private final Duration first;
    private final Duration longest;
    private final Map<String, Failing> failingByUid = new HashMap<>();

    Retries(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /** How many tries are due that were not asked for before. */
    int due(String uid, Instant now) {
        Failing failing = failingByUid.getOrDefault(uid, new Failing(0, now));
        int due = 0;
        while (!failing.due().isAfter(now)) {
            due++;
            failing = new Failing(failing.tries() + 1, failing.due().plus(delay(failing.tries())));
        }
        failingByUid.put(uid, failing);
        return due;
    }

    /** It went well: the next failure is a first one. */
    void forget(String uid) {
        failingByUid.remove(uid);
    }

    /** Forgets all but these. */
    void keep(Set<String> uids) {
        failingByUid.keySet().retainAll(uids);
    }

    private Duration delay(int tries) {
        Duration delay = first;
        for (int i = 0; i < tries && delay.compareTo(longest) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longest) < 0 ? delay : longest;
    }
}
