package dev.spillway.core.port;

/** The outcome of a compare-and-set of a policy's reserved slots. */
public sealed interface ReserveAnswer {
    /** What was asked for is there. */
    record Done() implements ReserveAnswer {}

    /** Something else than expected is there; nothing was written. */
    record Found(Reserved actual) implements ReserveAnswer {}

    /** There is no such policy. */
    record Gone() implements ReserveAnswer {}

    /** No answer that can be trusted, or a refusal: it may have been written. */
    record Unknown(String why) implements ReserveAnswer {}
}
