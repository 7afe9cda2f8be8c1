package dev.spillway.embedded.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long Jobs wait after a failed pod: 10 s, twice as long after each that fails without a success between, 10 min at most.
 *
 * <p>Rules: kubernetes {@code pkg/controller/job/backoff_utils.go}.
 */
final class JobBackoff {

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private record Failures(int count, Instant last) {}

    private final Map<String, Failures> failuresByUid = new HashMap<>();

    /** Takes notice of pods that have ended since the last time; each is named by when it did. */
    void note(String jobUid, List<Instant> succeeded, List<Instant> failed) {
        Instant success = latest(succeeded);
        Failures before = success == null ? failuresByUid.get(jobUid) : null;
        List<Instant> counted = failed.stream()
                .filter(end -> success == null || end.isAfter(success))
                .toList();
        Instant failure = latest(counted);
        if (success != null) {
            failuresByUid.remove(jobUid);
        }
        if (failure != null) {
            failuresByUid.put(jobUid, new Failures((before == null ? 0 : before.count()) + counted.size(), failure));
        }
    }

    /** Whether a new pod has to wait at this moment. */
    boolean holds(String jobUid, Instant now) {
        Failures failures = failuresByUid.get(jobUid);
        if (failures == null) {
            return false;
        }
        Duration delay = FIRST;
        for (int i = 1; i < failures.count() && delay.compareTo(LONGEST) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        delay = delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
        return now.isBefore(failures.last().plus(delay));
    }

    void forget(String jobUid) {
        failuresByUid.remove(jobUid);
    }

    /** Forgets all Jobs but these. */
    void keep(Set<String> jobUids) {
        failuresByUid.keySet().retainAll(jobUids);
    }

    private static @Nullable Instant latest(List<Instant> times) {
        return times.stream().max(Instant::compareTo).orElse(null);
    }
}
