package dev.spillway.core.port;

/** The outcome of looking up one instance by token or id. */
public sealed interface FindAnswer {
    /** It exists, or existed: look at its state. */
    record Found(Instance instance) implements FindAnswer {}

    /** The region says definitely that there is none. Right after an acquire it may lag by {@link Capabilities#settle()}. */
    record NotFound() implements FindAnswer {}

    /** No answer that can be trusted. */
    record Unknown(String why) implements FindAnswer {}
}
