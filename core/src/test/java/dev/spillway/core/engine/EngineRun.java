package dev.spillway.core.engine;

import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An engine on a clock of its own: it is told events, and what it asks for waits until it is answered. */
abstract class EngineRun {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Everything that the engine has asked for, in order. */
    final List<Effect> log = new ArrayList<>();

    /** Effects that get no answer of themselves: a test sends it when it likes. */
    Predicate<Effect> unanswered = effect -> false;

    Instant now = START;
    private final ArrayDeque<Effect> pending = new ArrayDeque<>();
    private final Settings settings = Settings.forCluster("cluster-1", "engine-1");
    private Engine engine = new Engine(settings);
    private @Nullable Instant wake;
    private int engines = 1;

    /** Answers an effect, by {@link #send}. */
    abstract void answer(Effect effect);

    void send(Event event) {
        for (var effect : engine.on(event, now)) {
            log.add(effect);
            if (effect instanceof Effect.WakeAt(Instant at)) {
                wake = wake == null || at.isBefore(wake) ? at : wake;
            } else if (!unanswered.test(effect)) {
                pending.add(effect);
            }
        }
    }

    /** Answers everything until nothing is asked for any more. */
    void settle() {
        for (int steps = 0; !pending.isEmpty(); steps++) {
            if (steps > 100_000) {
                throw new AssertionError("The engine never comes to rest; it keeps asking for " + pending.peek());
            }
            answer(pending.remove());
        }
    }

    /** Takes out what is being asked of regions, unanswered; everything else is answered. */
    void takeAcquires(List<Effect.Acquire> taken) {
        while (!pending.isEmpty()) {
            var effect = pending.remove();
            if (effect instanceof Effect.Acquire acquire) {
                taken.add(acquire);
            } else {
                answer(effect);
            }
        }
    }

    /** Time passes, the engine is woken once at its end, and nothing is answered yet. */
    void passTo(Duration time) {
        sleepTo(time);
        send(new Event.TimePassed());
    }

    /** Time passes and nobody wakes the engine. */
    void sleepTo(Duration time) {
        settle();
        now = now.plus(time);
        wake = null;
    }

    /** Lets time pass, waking the engine when it asked to be woken. */
    void advance(Duration time) {
        settle();
        var end = now.plus(time);
        while (wake != null && !wake.isAfter(end)) {
            now = wake;
            wake = null;
            send(new Event.TimePassed());
            settle();
        }
        now = end;
    }

    /** When the oldest of the pods that wait was created, null where none waits. */
    @Nullable
    Instant oldestWaiting() {
        return engine.oldestWaiting();
    }

    /** The writes of this kind so far, in order. */
    <W extends ClusterWrite> List<W> writes(Class<W> type) {
        return effects(Effect.Write.class).stream()
                .map(Effect.Write::write)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** A new process in place of the old one, over the same cluster and regions. */
    void restart() {
        pending.clear();
        wake = null;
        engine = new Engine(settings.heldBy("engine-" + ++engines));
    }

    <E extends Effect> List<E> effects(Class<E> type) {
        return log.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
