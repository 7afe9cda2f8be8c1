package dev.spillway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nobody renews the Leases of the nodes for up to eight minutes, again and again: no process is there, it is suspended, or its Leases get lost. The
 * cluster takes the nodes for dead, marks pods as not ready and evicts those that do not tolerate that (F32). Afterwards nobody lives twice, no instance
 * is left without its pod, and nodes and pods are shown as they are.
 */
final class AbsencesTest {
    /** {@code -Dabsences.seeds=N} runs more. */
    private static final int SEEDS = Integer.getInteger("absences.seeds", 10);

    /** Of {@code -Dabsences.planted=N} worlds it is counted in how many a planted bug is caught. */
    private static final int PLANTED = Integer.getInteger("absences.planted", 5);

    static final List<Fault> DRAWN_THERE_ALONE =
            List.of(Fault.ABSENCE, Fault.NODE_TAKEN_FOR_DEAD, Fault.TAINT_EVICTION);

    @Test
    void whoeverComesBackPutsEverythingInOrder() {
        var faults = new EnumMap<Fault, Integer>(Fault.class);
        for (long seed = 1; seed <= SEEDS; seed++) {
            var outcome = Simulation.run(seed, SimulationOptions.absences());
            assertThat(outcome.isClean()).as(outcome.report()).isTrue();
            outcome.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
        }
        DRAWN_THERE_ALONE.forEach(fault -> System.out.printf("%8d  %s%n", faults.getOrDefault(fault, 0), fault.text()));
        assertThat(DRAWN_THERE_ALONE)
                .allSatisfy(fault -> assertThat(faults.getOrDefault(fault, 0))
                        .as(fault.text())
                        .isGreaterThanOrEqualTo(SEEDS));
    }

    @ParameterizedTest
    @EnumSource(names = {"READY_BELIEVED", "DELETION_MISSED", "DEAD_NODE_IGNORED"})
    void plantedBugIsCaught(PlantedBug bug) {
        int caught = 0;
        for (long seed = 1; seed <= PLANTED; seed++) {
            var violation =
                    Simulation.run(seed, SimulationOptions.absences(bug)).violation();
            if (violation != null) {
                assertThat(violation.invariant()).as(violation.what()).isEqualTo("L3");
                caught++;
                if (caught == 1) {
                    System.out.printf("%s: caught in seed %d, %s%n", bug, seed, violation.what());
                }
            }
        }
        System.out.printf("%s: caught in %d of %d seeds%n", bug, caught, PLANTED);
        assertThat(caught).isPositive();
    }

    /** Runs one world: {@code -Dabsences.seed=N}. */
    @Test
    void replay() {
        var outcome = Simulation.run(Long.getLong("absences.seed", 1), SimulationOptions.absences());

        assertThat(outcome.isClean()).as(outcome.report()).isTrue();
    }
}
