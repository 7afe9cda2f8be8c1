package dev.spillway.app.scenario.report;

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
     * @param judged whether it was seen not to hold; else the run broke off, which says nothing about what was expected
     */
    record Failed(Duration took, String why, List<String> then, boolean judged) implements Outcome {
        /** Copies the list. */
        public Failed {
            then = List.copyOf(then);
        }

        /** What was expected was seen not to hold. */
        public Failed(Duration took, String why, List<String> then) {
            this(took, why, then, true);
        }
    }
}
