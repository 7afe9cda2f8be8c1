package dev.spillway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Those who compete for little: whoever has a right to capacity gets it, in order, whatever went wrong before. A world that breaks a
 * promise says which, shows the last events of the objects concerned, and the command that runs it again.
 */
final class ContentionTest {
    /** {@code -Dcontention.seeds=N} runs more. */
    private static final int SEEDS = Integer.getInteger("contention.seeds", 200);

    /** Fewer of a fault than this would prove little about it. */
    private static final int LEAST = 100;

    private static final List<Fault> DRAWN = Stream.concat(
                    Contention.FAULTS.stream(), Stream.of(Fault.WATCH_EMPTY, Fault.CRASH, Fault.REGION_REFUSAL))
            .toList();

    @Test
    void whoeverHasARightToCapacityGetsIt() {
        var faults = new EnumMap<Fault, Integer>(Fault.class);
        for (long seed = 1; seed <= SEEDS; seed++) {
            var outcome = Simulation.run(seed, SimulationOptions.contention());
            outcome.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
            assertThat(outcome.isClean()).as(outcome.report()).isTrue();
        }

        DRAWN.forEach(fault -> System.out.printf("%8d  %s%n", faults.getOrDefault(fault, 0), fault.text()));
        assertThat(DRAWN.stream().filter(fault -> faults.getOrDefault(fault, 0) < LEAST))
                .as("Faults that struck less than %d times", LEAST)
                .isEmpty();
    }

    /** Runs one seed: {@code -Dcontention.seed=N}. */
    @Test
    void replay() {
        var outcome = Simulation.run(Long.getLong("contention.seed", 1), SimulationOptions.contention());

        assertThat(outcome.isClean()).as(outcome.report()).isTrue();
    }
}
