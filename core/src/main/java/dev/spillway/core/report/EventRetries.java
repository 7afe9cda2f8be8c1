package dev.spillway.core.report;

import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Events that got no answer. What goes well is not worth a second request; a warning is told once and may be told nowhere else, so it is
 * sent again a few times.
 */
public final class EventRetries {
    private static final int MOST_TRIES = 5;

    private final Step step;
    private final World world;
    private final Profiles profiles;
    private final Map<Effect, Integer> tries = new HashMap<>(); // only looked up, never iterated

    public EventRetries(Step step, Profiles profiles) {
        this.step = step;
        this.world = step.world();
        this.profiles = profiles;
    }

    /** An event about a pod was written, or not. */
    public void written(Effect.Announce effect, WriteAnswer answer) {
        written(effect, effect.announcement(), answer, () -> world.pod(effect.uid()) != null);
    }

    /** An event about the profile was written, or not. */
    public void written(Effect.AnnounceProfile effect, WriteAnswer answer) {
        written(effect, effect.announcement(), answer, () -> profiles.isRejected(effect.uid()));
    }

    /** An event about a virtual node was written, or not. */
    public void written(Effect.AnnounceNode effect, WriteAnswer answer) {
        written(effect, effect.announcement(), answer, () -> true);
    }

    private void written(Effect effect, Announcement said, WriteAnswer answer, BooleanSupplier isStillTrue) {
        boolean lost = said.warning() && answer instanceof WriteAnswer.Unknown;
        if (!lost || tries.getOrDefault(effect, 0) >= MOST_TRIES) {
            tries.remove(effect);
            return;
        }
        step.after(Step.pause(tries.merge(effect, 1, Integer::sum)), () -> {
            if (isStillTrue.getAsBoolean()) {
                step.emit(effect);
            } else {
                tries.remove(effect);
            }
        });
    }
}
