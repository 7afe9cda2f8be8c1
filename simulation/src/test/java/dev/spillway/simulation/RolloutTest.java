package dev.spillway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A rollout over three capped units that have room for exactly its replicas: at no time does a unit hold more than its cap, in the end
 * each is exactly full and no pod is lost; through crashes, pauses and lost answers, and with two processes that both believe to lead.
 */
final class RolloutTest {
    /** {@code -Drollout.seeds=N -Drollout.replicas=N} run more, and larger ones. */
    private static final int SEEDS = Integer.getInteger("rollout.seeds", 10);

    private static final int REPLICAS = Integer.getInteger("rollout.replicas", 120);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void capsAreExactAndNoPodIsLost(boolean overlapping) {
        long overlaps = 0;
        long lost = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            var outcome = Simulation.run(seed, SimulationOptions.rollout(REPLICAS, overlapping));
            assertThat(outcome.isClean()).as(outcome.report()).isTrue();
            overlaps += outcome.faults().getOrDefault(Fault.OVERLAP, 0);
            lost += outcome.faults().getOrDefault(Fault.API_ANSWER_LOST, 0);
        }
        System.out.printf(
                "%d rollouts of %d replicas: clean; %d overlaps, %d lost answers%n", SEEDS, REPLICAS, overlaps, lost);
        assertThat(lost).isPositive();
        assertThat(overlaps > 0).isEqualTo(overlapping);
    }

    /** Runs one rollout: {@code -Drollout.seed=N -Drollout.replicas=N -Drollout.overlapping=true}. */
    @Test
    void replay() {
        var outcome = Simulation.run(
                Long.getLong("rollout.seed", 1),
                SimulationOptions.rollout(REPLICAS, Boolean.getBoolean("rollout.overlapping")));

        assertThat(outcome.isClean()).as(outcome.report()).isTrue();
    }
}
