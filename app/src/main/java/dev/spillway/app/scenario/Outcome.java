package dev.spillway.app.scenario;

import java.time.Duration;
import java.util.List;

/** How a scenario ended. Immutable. */
sealed interface Outcome {
    Duration took();

    /** Everything held. */
    record Passed(Duration took, List<Checkpoint> checkpoints) implements Outcome {
        public Passed {
            checkpoints = List.copyOf(checkpoints);
        }
    }

    /** Something did not. {@code pods}: one line each, as they were then. */
    record Failed(Duration took, String why, List<String> pods) implements Outcome {
        public Failed {
            pods = List.copyOf(pods);
        }
    }
}
