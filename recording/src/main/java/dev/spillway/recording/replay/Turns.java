package dev.spillway.recording.replay;

import dev.spillway.core.engine.Engine;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.time.Instant;
import java.util.List;

/** What an engine does; called by one thread. */
@FunctionalInterface
public interface Turns {
    /** Takes in a fact and returns what shall be done. */
    List<Effect> on(Event event, Instant now);

    /** Of a new engine. */
    static Turns of(Settings settings) {
        return new Engine(settings)::on;
    }
}
