package dev.spillway.regions.simulated;

import java.time.Duration;

/**
 * What a simulated region does about a call.
 *
 * @param answer what it says; what the caller gets only when the answer is delivered
 * @param delivery whether the caller gets it
 * @param latency how long the caller waits for it; nothing else waits
 */
public record Reply<A>(A answer, Delivery delivery, Duration latency) {
    /** What becomes of an answer. */
    public enum Delivery {
        /** The caller gets it. */
        ANSWERED,
        /** The call was carried out and the connection cut: the caller gets nothing. */
        CUT,
        /** The call was not carried out and nobody will ever answer. */
        HANGING
    }

    static <A> Reply<A> answered(A answer) {
        return new Reply<>(answer, Delivery.ANSWERED, Duration.ZERO);
    }
}
