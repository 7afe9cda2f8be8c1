package dev.spillway.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The present turn of the engine: its instant, the effects so far, and the timers. Shared by the engine's parts. */
final class Turn {
    private final Timers timers = new Timers();
    private final Agenda agenda = new Agenda();
    private List<Effect> effects = new ArrayList<>();
    private Instant now = Instant.MIN;
    private @Nullable Instant wished;
    private @Nullable Instant began;

    void begin(Instant at) {
        now = at.isBefore(now) ? now : at;
        began = began == null ? now : began;
        if (wished != null && !now.isBefore(wished)) {
            wished = null;
        }
    }

    /** What is to be looked at again in this turn. */
    Agenda agenda() {
        return agenda;
    }

    /** Runs due timers, wishes for the next wake-up, and hands out the effects; {@code drain} looks at what each of them marked. */
    List<Effect> end(Runnable drain) {
        timers.run(now, drain);
        var next = timers.next();
        if (next != null && (wished == null || next.isBefore(wished))) {
            wished = next;
            effects.add(new Effect.WakeAt(next));
        }
        var done = effects;
        effects = new ArrayList<>();
        return done;
    }

    Instant now() {
        return now;
    }

    /** How long the process has been at work. */
    Duration age() {
        return began == null ? Duration.ZERO : Duration.between(began, now);
    }

    void emit(Effect effect) {
        effects.add(effect);
    }

    void at(Instant when, Runnable action) {
        timers.at(when, action);
    }

    void after(Duration wait, Runnable action) {
        timers.at(now.plus(wait), action);
    }

    /** 1 s, 2 s, 4 s ... 15 s: the pause before asking something again that got no usable answer. */
    static Duration pause(int tries) {
        return Duration.ofSeconds(Math.min(15, 1L << Math.min(4, tries)));
    }
}
