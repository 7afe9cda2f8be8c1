package dev.spillway.trials.scenario.report;

import java.time.Duration;
import java.util.List;

/** How a scenario ended. Immutable. */
public sealed interface Outcome {
    /** In wall time. */
    Duration took();

    /** Everything held; {@code places} in order. */
    record Passed(Duration took, List<? extends Judged> places) implements Outcome {
        /** Copies the list. */
        public Passed {
            places = List.copyOf(places);
        }
    }

    /**
     * Something did not.
     *
     * @param then what was there when it failed, in lines
     * @param kind what that says of the scenario
     */
    record Failed(Duration took, String why, List<String> then, Kind kind) implements Outcome {
        /** Copies the list. */
        public Failed {
            then = List.copyOf(then);
        }

        /** What was expected was seen not to hold. */
        public Failed(Duration took, String why, List<String> then) {
            this(took, why, then, Kind.BROKEN);
        }

        /** What a failure says of a scenario. */
        public enum Kind {
            /** What it expects was seen not to hold. */
            BROKEN,
            /** Everything held; what it made could not be removed afterwards. */
            LEFT_BEHIND,
            /** Nothing: its run broke off. */
            BROKE_OFF
        }
    }
}
