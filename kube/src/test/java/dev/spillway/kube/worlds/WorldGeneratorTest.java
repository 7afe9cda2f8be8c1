package dev.spillway.kube.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/** The worlds are worth judging: every constraint decides often, and the same seed is the same world. */
final class WorldGeneratorTest {
    private static final int WORLDS = 1_000;

    /** Of the 1,000 worlds; fewer would say little about a constraint. */
    private static final int LEAST = 3;

    @Test
    void everyConstraintDecidesInManyWorlds() {
        var tally = new Tally();
        for (long seed = 1; seed <= WORLDS; seed++) {
            var world = WorldGenerator.world(seed);
            tally.add(world, Oracle.judge(world));
        }

        System.out.print(tally);
        assertThat(Arrays.stream(Constraint.values()).filter(each -> tally.decided(each) < LEAST))
                .as("constraints that alone refused a node in less than %d of %d worlds", LEAST, WORLDS)
                .isEmpty();
    }

    @Test
    void aSeedIsOneWorld() {
        var texts = new HashSet<String>();
        for (long seed = 1; seed <= 100; seed++) {
            assertThat(WorldGenerator.world(seed))
                    .hasToString(WorldGenerator.world(seed).toString());
            texts.add(WorldGenerator.world(seed).toString());
        }
        assertThat(texts).hasSize(100);
    }
}
