package dev.spillway.core.engine;

import dev.spillway.core.cluster.WriteAnswer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Events that got no answer. What goes well is not worth a second request; a warning is told once and may be told nowhere else, so it is
 * sent again a few times.
 */
final class Notices {
    private static final int MOST_TRIES = 5;

    private final Turn turn;
    private final World world;
    private final ProfileKeeper profiles;
    private final Map<Effect, Integer> tries = new HashMap<>(); // only looked up, never iterated

    Notices(Parts parts, ProfileKeeper profiles) {
        this.turn = parts.turn();
        this.world = parts.world();
        this.profiles = profiles;
    }

    /** An event about a pod was written, or not. */
    void written(Effect.Announce effect, WriteAnswer answer) {
        if (isWorthAnotherTry(effect, effect.announcement().warning(), answer)) {
            turn.after(pause(effect), () -> {
                if (world.pod(effect.uid()) != null) {
                    turn.emit(effect);
                } else {
                    tries.remove(effect);
                }
            });
        }
    }

    /** An event about the profile was written, or not. */
    void written(Effect.AnnounceProfile effect, WriteAnswer answer) {
        if (isWorthAnotherTry(effect, effect.announcement().warning(), answer)) {
            turn.after(pause(effect), () -> {
                if (profiles.isRejected(effect.uid())) {
                    turn.emit(effect);
                } else {
                    tries.remove(effect);
                }
            });
        }
    }

    /** An event about a virtual node was written, or not. */
    void written(Effect.AnnounceNode effect, WriteAnswer answer) {
        if (isWorthAnotherTry(effect, effect.announcement().warning(), answer)) {
            turn.after(pause(effect), () -> turn.emit(effect));
        }
    }

    private boolean isWorthAnotherTry(Effect effect, boolean warning, WriteAnswer answer) {
        boolean lost = warning && answer instanceof WriteAnswer.Unknown;
        if (lost && tries.getOrDefault(effect, 0) < MOST_TRIES) {
            return true;
        }
        tries.remove(effect);
        return false;
    }

    private Duration pause(Effect effect) {
        return Turn.pause(tries.merge(effect, 1, Integer::sum));
    }
}
