package dev.spillway.app.controller;

import dev.spillway.app.monitoring.TurnMeters;
import dev.spillway.core.engine.Engine;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.recording.recorder.Recording;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an event loop drives: an engine, or in tests something in its place.
 *
 * @param on takes in a fact and returns what shall be done; called by one thread
 * @param waitingPods pods that wait for a place; called by the same thread
 * @param oldestWaiting when the oldest of them was created, null where none waits; likewise
 * @param recording of what it does, for whoever closes it
 */
record Decisions(
        BiFunction<Event, Instant, List<Effect>> on,
        IntSupplier waitingPods,
        Supplier<@Nullable Instant> oldestWaiting,
        Recording recording)
        implements AutoCloseable {
    /** Not recorded; which pod waits longest is not known. */
    Decisions(BiFunction<Event, Instant, List<Effect>> on, IntSupplier waitingPods) {
        this(on, waitingPods, () -> null, Recording.NONE);
    }

    static Decisions by(Engine engine) {
        return new Decisions(engine::on, engine::waitingPods, engine::oldestWaiting, Recording.NONE);
    }

    /** The same, recorded: what the engine itself is told and answers, whatever stands between it and the world. */
    Decisions recorded(Recording by) {
        return new Decisions((event, now) -> recorded(by, event, now), waitingPods, oldestWaiting, by);
    }

    private List<Effect> recorded(Recording by, Event event, Instant now) {
        List<Effect> effects;
        try {
            effects = on.apply(event, now);
        } catch (Throwable e) {
            by.failed(now, event, e);
            throw e;
        }
        by.step(now, event, effects);
        return effects;
    }

    /** The same with what stands between them and the world. */
    Decisions within(Seams seams) {
        return new Decisions(seams.around(on::apply)::on, waitingPods, oldestWaiting, recording);
    }

    /** The same, seen by somebody who counts. */
    Decisions watched(TurnMeters by) {
        return new Decisions(
                (event, now) -> {
                    var effects = on.apply(event, now);
                    by.turn(event, effects, now);
                    return effects;
                },
                waitingPods,
                oldestWaiting,
                recording);
    }

    /** Ends the recording. */
    @Override
    public void close() {
        recording.close();
    }
}
