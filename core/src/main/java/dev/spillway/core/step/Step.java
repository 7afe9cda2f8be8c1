package dev.spillway.core.step;

import dev.spillway.core.model.Doubling;
import dev.spillway.core.port.ClusterWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine's present step, and what all its parts share: the instant, what is known, who waits, the effects so far, the timers, and
 * the agenda of what is to be looked at again before the step ends. Owned by the engine's thread.
 */
public final class Step {
    private static final Doubling PAUSES = new Doubling(Duration.ofSeconds(1), Duration.ofSeconds(15));

    private final Settings settings;
    private final World world = new World();
    private final Queues queues = new Queues();
    private final PodWrites writes = new PodWrites(this);
    private final Timers timers = new Timers();
    private final WriteOrder order = new WriteOrder();
    private final Agenda agenda = new Agenda();
    private List<Effect> effects = new ArrayList<>();
    private Instant now = Instant.MIN;
    private @Nullable Instant nextWake;
    private @Nullable Instant began;

    public Step(Settings settings) {
        this.settings = settings;
    }

    /** What the operator has set. */
    public Settings settings() {
        return settings;
    }

    /** The facts as last seen. */
    public World world() {
        return world;
    }

    /** The waiting pods, by what they wait for. */
    public Queues queues() {
        return queues;
    }

    /** Sends writes about pods, one after another for each. */
    public PodWrites writes() {
        return writes;
    }

    public void begin(Instant at) {
        now = at.isBefore(now) ? now : at;
        began = began == null ? now : began;
        if (nextWake != null && !now.isBefore(nextWake)) {
            nextWake = null;
        }
    }

    /** What is to be looked at again in this step. */
    public Agenda agenda() {
        return agenda;
    }

    /** Runs due timers, asks for the next wake-up, and hands out the effects; {@code drain} looks at what each of them marked. */
    public List<Effect> end(Runnable drain) {
        timers.run(now, drain);
        var next = timers.next();
        if (next != null && (nextWake == null || next.isBefore(nextWake))) {
            nextWake = next;
            effects.add(new Effect.WakeAt(next));
        }
        var done = effects;
        effects = new ArrayList<>();
        return done;
    }

    public Instant now() {
        return now;
    }

    /** How long the process has been at work. */
    public Duration age() {
        return began == null ? Duration.ZERO : Duration.between(began, now);
    }

    public void emit(Effect effect) {
        effects.add(effect);
    }

    /** Writes something to the API server, once nothing else is under way about its subject. */
    public void write(ClusterWrite write) {
        if (order.admits(write)) {
            emit(new Effect.Write(write));
        }
    }

    /** A write was answered: the next one about its subject may go. */
    public void answered(ClusterWrite write) {
        var next = order.answered(write);
        if (next != null) {
            emit(new Effect.Write(next));
        }
    }

    public void at(Instant when, Runnable action) {
        timers.at(when, action);
    }

    public void after(Duration wait, Runnable action) {
        timers.at(now.plus(wait), action);
    }

    /** 1 s, 2 s, 4 s ... 15 s: the pause before asking something again that got no usable answer. */
    public static Duration pause(int tries) {
        return PAUSES.at(tries + 1);
    }
}
