package dev.spillway.core.port;

/** The outcome of telling a region to terminate an instance. */
public sealed interface TerminateAnswer {
    /** Confirmed: it is gone, or there never was one of this id. */
    record Gone() implements TerminateAnswer {}

    /** Accepted; it is ending, ask again later. */
    record Ending() implements TerminateAnswer {}

    /** No answer that can be trusted, or a refusal to say so; ask again later. */
    record Unknown(String why) implements TerminateAnswer {}
}
