package dev.spillway.core.takeover;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The start of a process, or of its leadership: what it does not know yet, and how long that holds anything up (R9, R27,
 * decisions 0004 and 0008).
 */
public final class Takeover {
    /**
     * So long after a start a unit is not passed over only because the process does not know enough to use it; then caps of regions open
     * whether or not the region has given a list.
     */
    public static final Duration SETTLING_IN = Duration.ofSeconds(15);

    /** After so long, a pod older than the start may take a real node though a region that might run it has given no list. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Step step;
    private final World world;
    private final TreeSet<RegionId> declaredAtStart = new TreeSet<>();
    private boolean started;

    public Takeover(Step step) {
        this.step = step;
        this.world = step.world();
    }

    /** The first event: the takeover begins. */
    public void start() {
        if (!started) {
            started = true;
            step.after(SETTLING_IN, step.agenda()::everybody);
            step.after(PATIENCE, step.agenda()::everybody);
        }
    }

    /** The first lists of the cluster are complete. */
    public void clusterListed() {
        for (var entry : world.regions.all()) {
            declaredAtStart.add(entry.region().id());
        }
    }

    /** Regions that may run pods older than the start and have not said so yet; one declared later was never asked before. */
    public List<RegionId> notListedYet() {
        var missing = new ArrayList<RegionId>();
        for (var entry : world.regions.all()) {
            var id = entry.region().id();
            if (entry.isAccepted() && !entry.region().lost() && !world.isCompared(id) && declaredAtStart.contains(id)) {
                missing.add(id);
            }
        }
        return missing;
    }

    /** Whether the process has started only just now. */
    public boolean isSettlingIn() {
        return isWithin(SETTLING_IN);
    }

    /** Whether pods older than the start wait for regions even where a real node would take them. */
    public boolean isPatient() {
        return isWithin(PATIENCE);
    }

    private boolean isWithin(Duration time) {
        return step.age().compareTo(time) < 0;
    }
}
