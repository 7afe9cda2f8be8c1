package dev.spillway.trials.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long one run of a scenario waits for what should happen: as long as it is written, or hurried, by how long the same took in an
 * earlier run. A hurried run is for what is expected to fail. Not thread-safe.
 */
final class Pace {
    /** Most that anything made by a scenario takes to go. */
    static final Duration REMOVED = Duration.ofSeconds(60);

    /** Most until a controller says that it has seen a policy. */
    private static final Duration SEEN = Duration.ofSeconds(30);

    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration HURRIED = Duration.ofSeconds(15);
    /** The least, since other programs want the machine, too; and how much longer than before it may take. */
    private static final Duration LEAST = Duration.ofSeconds(5);

    private static final int FACTOR = 4;

    private final List<Duration> earlier; // by step; empty where nothing is hurried
    private final List<Duration> took = new ArrayList<>();

    private Pace(List<Duration> earlier) {
        this.earlier = List.copyOf(earlier);
    }

    /** As the scenario says. */
    static Pace asWritten() {
        return new Pace(List.of());
    }

    /** Hurried by what this run, which went well, took. */
    Pace hurried() {
        return new Pace(took);
    }

    boolean isHurried() {
        return !earlier.isEmpty();
    }

    /** A step is done. */
    void took(int step, Duration time) {
        if (step != took.size()) {
            throw new IllegalArgumentException("Step %d is not the next one.".formatted(step));
        }
        took.add(time);
    }

    /** How long to wait in a step that waits so long at most. */
    Duration within(int step, Duration written) {
        if (!isHurried()) {
            return written;
        }
        var longest = max(LEAST, earlier.get(step).multipliedBy(FACTOR));
        return longest.compareTo(written) < 0 ? longest : written;
    }

    /** How long regions and nodes may take until they can take pods. */
    Duration ready() {
        return isHurried() ? HURRIED : READY;
    }

    /** How long a controller may take to say that it has seen a policy. */
    Duration seen() {
        return isHurried() ? LEAST : SEEN;
    }

    /** How long what a scenario made may take to go. */
    Duration removed() {
        return isHurried() ? HURRIED : REMOVED;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
