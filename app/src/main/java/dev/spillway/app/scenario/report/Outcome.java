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

    /** Something did not. {@code then}: what was there when it failed, in lines. */
    record Failed(Duration took, String why, List<String> then) implements Outcome {
        /** Copies the list. */
        public Failed {
            then = List.copyOf(then);
        }
    }
}
