package dev.spillway.simulation;

import dev.spillway.core.engine.PlantedBug;
import java.util.EnumSet;
import java.util.Set;

/**
 * What may differ between two runs of one seed.
 *
 * @param plantedBugs switched on in every engine; none but in tests
 */
public record SimulationOptions(Set<PlantedBug> plantedBugs) {
    /** The engine as production runs it. */
    public static final SimulationOptions DEFAULT = new SimulationOptions(Set.of());

    public SimulationOptions {
        plantedBugs = plantedBugs.isEmpty() ? Set.of() : EnumSet.copyOf(plantedBugs);
    }

    /** With one planted bug. */
    public static SimulationOptions with(PlantedBug bug) {
        return new SimulationOptions(Set.of(bug));
    }
}
