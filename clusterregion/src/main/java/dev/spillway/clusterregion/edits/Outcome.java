package dev.spillway.clusterregion.edits;

import java.time.Duration;

/** What came of passing on the edits of one pod. */
sealed interface Outcome {
    /** Nothing is left to be done until the pod is edited again: what could not be passed on was told at home. */
    record Settled() implements Outcome {}

    /** One of both pods is gone, or going. */
    record Gone() implements Outcome {}

    /** No pod of the region can be followed until somebody grants a right there. */
    record Barred(String why) implements Outcome {}

    /**
     * To be tried again.
     *
     * @param atLeast not before this time has passed; zero where it does not matter
     */
    record Later(String why, Duration atLeast) implements Outcome {
        Later(String why) {
            this(why, Duration.ZERO);
        }
    }
}
