package dev.spillway.core.report;

import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
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
    private final Map<ClusterWrite, Integer> tries = new HashMap<>(); // only looked up, never iterated

    public EventRetries(Step step, Profiles profiles) {
        this.step = step;
        this.world = step.world();
        this.profiles = profiles;
    }

    /** An event about a pod was written, or not. */
    public void written(ClusterWrite.Announce write, WriteAnswer answer) {
        written(write, write.announcement(), answer, () -> world.pod(write.uid()) != null);
    }

    /** An event about the profile was written, or not. */
    public void written(ClusterWrite.AnnounceProfile write, WriteAnswer answer) {
        written(write, write.announcement(), answer, () -> profiles.isRejected(write.uid()));
    }

    /** An event about a virtual node was written, or not. */
    public void written(ClusterWrite.AnnounceNode write, WriteAnswer answer) {
        written(write, write.announcement(), answer, () -> true);
    }

    private void written(ClusterWrite write, Announcement said, WriteAnswer answer, BooleanSupplier isStillTrue) {
        boolean lost = said.warning() && answer instanceof WriteAnswer.Unknown;
        if (!lost || tries.getOrDefault(write, 0) >= MOST_TRIES) {
            tries.remove(write);
            return;
        }
        step.after(Step.pause(tries.merge(write, 1, Integer::sum)), () -> {
            if (isStillTrue.getAsBoolean()) {
                step.write(write);
            } else {
                tries.remove(write);
            }
        });
    }
}
