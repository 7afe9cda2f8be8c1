package dev.spillway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Regions that are out for longer than their patience, again and again: pods that chose so are moved, slowly, and never out of a region
 * that answers; and of a StatefulSet's pods, deleted by force all the time, no two of one name ever live at once (S10, S14).
 */
final class OutagesTest {
    /** {@code -Doutages.seeds=N} runs more. */
    private static final int SEEDS = Integer.getInteger("outages.seeds", 15);

    @Test
    void podsAreMovedInGoodTimeAndNobodyLivesTwice() {
        var moves = new AtomicInteger();
        int outages = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            var outcome = Simulation.run(
                    seed,
                    SimulationOptions.outages(),
                    (settings, now) -> (at, event, effects) -> moves.addAndGet(moves(effects)));
            assertThat(outcome.isClean()).as(outcome.report()).isTrue();
            outages += outcome.faults().getOrDefault(Fault.REGION_OUTAGE, 0);
        }
        System.out.printf(
                "%d worlds of long outages: clean; %d outages, %d moves wanted%n", SEEDS, outages, moves.get());
        assertThat(moves).hasValueGreaterThan(SEEDS);
    }

    private static int moves(List<Effect> effects) {
        return (int) effects.stream()
                .filter(effect ->
                        effect instanceof Effect.Write(ClusterWrite.GiveUp write) && OutageChecks.isMove(write))
                .count();
    }

    /** An engine that takes a region for out breaks other promises too, and these may be noticed first. */
    @ParameterizedTest
    @CsvSource({"OUTAGE_WITHOUT_END, S14", "IDENTITY_TWICE, S10"})
    void plantedBugIsCaught(PlantedBug bug, String invariant) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            var violation = Simulation.run(seed, SimulationOptions.outages(bug)).violation();
            if (violation != null && violation.invariant().equals(invariant)) {
                System.out.printf("%s: caught in seed %d, %s%n", bug, seed, violation.what());
                return;
            }
        }
        throw new AssertionError("%s is caught by none of %d seeds".formatted(bug, SEEDS));
    }

    /** Runs one world: {@code -Doutages.seed=N}. */
    @Test
    void replay() {
        var outcome = Simulation.run(Long.getLong("outages.seed", 1), SimulationOptions.outages());

        assertThat(outcome.isClean()).as(outcome.report()).isTrue();
    }
}
