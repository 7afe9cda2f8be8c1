package dev.spillway.simulation;

import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.time.Instant;
import java.util.List;

/** Sees the engines of a world at work, and changes nothing. */
@FunctionalInterface
public interface Observer {
    /** Looks away. */
    Observer NONE = (settings, now) -> (at, event, effects) -> {};

    /** An engine is about to be made with these settings. */
    Steps begins(Settings settings, Instant now);

    /** The steps of one engine. */
    @FunctionalInterface
    interface Steps {
        /** It was told this and asked for that. */
        void took(Instant now, Event event, List<Effect> effects);
    }
}
