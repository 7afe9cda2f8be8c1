package dev.spillway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pods that give up their place where regions do not keep their word: S15, and everybody runs in the end. */
final class GivingWayTest {
    /** {@code -Dgiving.seeds=N} runs more. */
    private static final int SEEDS = Integer.getInteger("giving.seeds", 60);

    private static final int LEAST = 50;

    @Test
    void nobodyIsGivenUpWhoMustNotBeAndEverybodyRunsInTheEnd() {
        long failed = 0;
        long restarts = 0;
        long givenUp = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            var outcome = Simulation.run(seed, SimulationOptions.givingWay());
            assertThat(outcome.isClean()).as(outcome.report()).isTrue();
            failed += outcome.faults().getOrDefault(Fault.FAILED_AFTER_ACCEPT, 0);
            restarts += outcome.faults().getOrDefault(Fault.RESTART, 0);
            givenUp += outcome.givenUp();
        }
        System.out.printf(
                "%d worlds: clean; %d instances failed after acceptance, %d pods were given up, %d restarts%n",
                SEEDS, failed, givenUp, restarts);
        assertThat(failed).isGreaterThan(LEAST);
        assertThat(givenUp).isGreaterThan(LEAST);
        assertThat(restarts).isPositive();
    }

    @Test
    void plantedBugIsCaught() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            var violation = Simulation.run(seed, SimulationOptions.givingWay(PlantedBug.OWNERS_INVENTED))
                    .violation();
            if (violation != null) {
                System.out.printf("Caught in seed %d, %s%n", seed, violation.what());
                assertThat(violation.invariant()).isEqualTo("S15");
                return;
            }
        }
        throw new AssertionError("OWNERS_INVENTED is caught by none of %d seeds".formatted(SEEDS));
    }

    /** Runs one seed: {@code -Dseed=N}. */
    @Test
    void replay() {
        var outcome = Simulation.run(Long.getLong("seed", 1), SimulationOptions.givingWay());

        assertThat(outcome.isClean()).as(outcome.report()).isTrue();
    }
}
