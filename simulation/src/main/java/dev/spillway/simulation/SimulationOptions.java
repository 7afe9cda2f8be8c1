package dev.spillway.simulation;

import dev.spillway.core.engine.PlantedBug;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may differ between two runs of one seed.
 *
 * @param plantedBugs switched on in every engine; none but in tests
 * @param rollout what the users do instead of a bit of everything; null for that
 */
public record SimulationOptions(
        Set<PlantedBug> plantedBugs, @Nullable Rollout rollout) {
    /** The engine as production runs it. */
    public static final SimulationOptions DEFAULT = new SimulationOptions(Set.of(), null);

    /**
     * One application replaces all its pods, over three capped units that have room for exactly its replicas.
     *
     * @param replicas at least 20
     * @param overlapping whether two processes are at work at once again and again; else they crash, restart and pause
     */
    public record Rollout(int replicas, boolean overlapping) {}

    /** A rollout, with the engine as production runs it. */
    public static SimulationOptions rollout(int replicas, boolean overlapping) {
        return new SimulationOptions(Set.of(), new Rollout(replicas, overlapping));
    }

    public SimulationOptions {
        plantedBugs = plantedBugs.isEmpty() ? Set.of() : EnumSet.copyOf(plantedBugs);
    }

    /** With one planted bug. */
    public static SimulationOptions with(PlantedBug bug) {
        return new SimulationOptions(Set.of(bug), null);
    }
}
