package dev.spillway.kube.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * In random worlds the core finds the nodes feasible that the oracle finds feasible, real and virtual ones. {@code -Dseed=S} runs one world alone.
 */
final class OracleTest {
    private static final int WORLDS = 10_000;

    @Test
    void coreAgreesWithTheOracle() {
        long only = Long.getLong("seed", 0);
        long first = only == 0 ? 1 : only;
        long last = only == 0 ? WORLDS : only;
        for (long seed = first; seed <= last; seed++) {
            var world = WorldGenerator.world(seed);
            var verdict = Oracle.judge(world);
            assertThat(VirtualNodes.comparable(world, CoreAnswer.feasible(world)))
                    .as("""
                        feasible nodes of the world of seed %d; the oracle holds against nodes: %s
                        again: ./mvnw -B -ntp -q -pl kube -am test -Dtest=OracleTest -Dseed=%d \
                        -Dsurefire.failIfNoSpecifiedTests=false
                        %s\
                        """, seed, verdict, seed, world)
                    .isEqualTo(VirtualNodes.expected(world, verdict));
        }
    }
}
