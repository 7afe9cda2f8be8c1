package dev.spillway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The engine in 200 simulated worlds full of faults. A world that breaks a promise says which, shows the last events of the
 * objects concerned, and the command that runs it again.
 */
final class SimulationTest {
    /** {@code -Dseeds=N} runs more. */
    private static final int SEEDS = Integer.getInteger("seeds", 200);

    /** Fewer of a fault than this would prove little about it. */
    private static final int LEAST = 100;

    @Test
    void everyPromiseIsKeptWhateverGoesWrong() {
        var faults = new EnumMap<Fault, Integer>(Fault.class);
        var broken = new ArrayList<String>();
        long steps = 0;
        long instances = 0;
        for (long seed = 1; seed <= SEEDS && broken.isEmpty(); seed++) {
            var outcome = Simulation.run(seed, SimulationOptions.DEFAULT);
            outcome.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
            steps += outcome.steps();
            instances += outcome.instances();
            if (!outcome.isClean()) {
                broken.add(outcome.report());
            }
        }

        print(steps, instances, faults);
        assertThat(broken).as("Worlds that broke a promise").isEmpty();
        assertThat(rare(faults))
                .as("Faults that struck less than %d times", LEAST)
                .isEmpty();
    }

    private static List<Fault> rare(Map<Fault, Integer> faults) {
        return List.of(Fault.values()).stream()
                .filter(fault -> !Contention.FAULTS.contains(fault) && !AbsencesTest.DRAWN_THERE_ALONE.contains(fault))
                .filter(fault -> faults.getOrDefault(fault, 0) < LEAST)
                .toList();
    }

    private static void print(long steps, long instances, Map<Fault, Integer> faults) {
        System.out.printf("%d seeds, %d steps, %d instances; how often each fault struck:%n", SEEDS, steps, instances);
        for (var fault : Fault.values()) {
            System.out.printf("%8d  %s%n", faults.getOrDefault(fault, 0), fault.text());
        }
    }

    /** A planted bug that no world notices would mean that the worlds are too kind or the checks too weak. */
    @ParameterizedTest
    @CsvSource({
        "BIND_BEFORE_ACQUIRE, S2",
        "UNKNOWN_IS_REFUSAL, S1 S5", // two instances, or the pod is failed for the one that is gone: what comes first
        "CAP_OFF_BY_ONE, S9",
        "EMPTY_LIST_TRUSTED, S5",
        "PHASE_GOES_BACK, S6",
    })
    void plantedBugIsCaught(PlantedBug bug, String invariants) {
        var options = SimulationOptions.with(bug);
        for (long seed = 1; seed <= SEEDS; seed++) {
            var violation = Simulation.run(seed, options).violation();
            if (violation != null) {
                System.out.printf(
                        "%s: caught by %s in seed %d, %s%n", bug, violation.invariant(), seed, violation.what());
                assertThat(violation.invariant()).isIn((Object[]) invariants.split(" "));
                return;
            }
        }
        throw new AssertionError("%s is caught by none of %d seeds".formatted(bug, SEEDS));
    }

    @Test
    void sameSeedGivesTheSameRun() {
        var first = Simulation.run(7, SimulationOptions.DEFAULT);
        var second = Simulation.run(7, SimulationOptions.DEFAULT);
        var other = Simulation.run(8, SimulationOptions.DEFAULT);

        assertThat(second).isEqualTo(first);
        assertThat(other.hash()).isNotEqualTo(first.hash());
    }

    @Test
    void failureTellsSeedInvariantEventsAndHowToRunItAgain() {
        var report = Simulation.run(1, SimulationOptions.with(PlantedBug.BIND_BEFORE_ACQUIRE))
                .report();

        assertThat(report)
                .startsWith("seed 1 broke S2 after ")
                .contains("-> bind to virtual-kubelet-", " without instance")
                .endsWith("-Dtest=SimulationTest#replay -Dseed=1 -Dplanted=BIND_BEFORE_ACQUIRE");
    }

    /** Runs one seed: {@code -Dseed=N}, with {@code -Dplanted=BUG} where a planted bug was on. */
    @Test
    void replay() {
        var planted = System.getProperty("planted", "");
        var options =
                planted.isEmpty() ? SimulationOptions.DEFAULT : SimulationOptions.with(PlantedBug.valueOf(planted));

        var outcome = Simulation.run(Long.getLong("seed", 1), options);

        System.out.println(outcome.report());
        assertThat(outcome.isClean()).as(outcome.report()).isTrue();
    }
}
