package dev.spillway.kube.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    void whatHoldsBetweenPodsDecidesOnVirtualNodesInManyWorlds() {
        var decided = new EnumMap<Constraint, Integer>(Constraint.class);
        for (long seed = 1; seed <= WORLDS; seed++) {
            var world = WorldGenerator.world(seed);
            var verdict = Oracle.judge(world);
            world.nodes().stream()
                    .filter(VirtualNodes::isVirtual)
                    .map(node -> verdict.against(Surroundings.name(node)))
                    .filter(against -> against.size() == 1)
                    .flatMap(Set::stream)
                    .distinct()
                    .forEach(each -> decided.merge(each, 1, Integer::sum));
        }

        System.out.println("Worlds in which a constraint alone refused a virtual node: " + decided);
        for (var constraint :
                List.of(Constraint.SPREAD, Constraint.NEAR, Constraint.FAR, Constraint.FAR_FROM_NEWCOMERS)) {
            assertThat(decided.getOrDefault(constraint, 0)).as("%s", constraint).isGreaterThanOrEqualTo(LEAST);
        }
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
