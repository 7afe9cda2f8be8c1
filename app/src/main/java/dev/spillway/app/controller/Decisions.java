package dev.spillway.app.controller;

import dev.spillway.core.engine.Effect;
import dev.spillway.core.engine.Engine;
import dev.spillway.core.engine.Event;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;

/**
 * What an event loop drives: an engine, or in tests something in its place.
 *
 * @param on takes in a fact and returns what shall be done; called by one thread
 * @param waitingPods pods that wait for a place; called by the same thread
 */
record Decisions(BiFunction<Event, Instant, List<Effect>> on, IntSupplier waitingPods) {
    static Decisions by(Engine engine) {
        return new Decisions(engine::on, engine::waitingPods);
    }

    /** The same with what stands between them and the world. */
    Decisions within(Seams seams) {
        return new Decisions(seams.around(on::apply)::on, waitingPods);
    }
}
