package dev.spillway.recording.format;

import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Instant;
import java.util.List;

/** A line of a recording after its {@link Header}. Immutable. */
public sealed interface Line {
    /** What the engine was told, once. */
    sealed interface Turn extends Line {
        /** Counts the engine's events, from 1. */
        long sequence();

        /** The instant of the decision clock. */
        Instant at();

        /** What it was told. */
        Event event();
    }

    /** An event and what the engine asked for, in order. */
    record Step(long sequence, Instant at, Event event, List<Effect> effects) implements Turn {
        public Step {
            effects = List.copyOf(effects);
        }
    }

    /**
     * The event at which the engine threw, which was its last.
     *
     * @param exception the class of what it threw
     * @param trace message and stack, for people
     */
    record Failure(long sequence, Instant at, Event event, String exception, List<String> trace) implements Turn {
        public Failure {
            trace = List.copyOf(trace);
        }
    }

    /** Events that were recorded and are not kept, from the first to the last of them. */
    record Gap(long first, long last, String why) implements Line {}

    /** The last line of a recording that ends in order. */
    record End(String why) implements Line {}
}
