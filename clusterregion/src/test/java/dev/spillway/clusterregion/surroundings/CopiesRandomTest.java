package dev.spillway.clusterregion.surroundings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.surroundings.CopiesWorld.PlantedBug;
import java.util.ArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies of ConfigMaps and Secrets in 200 random worlds: none is left behind, none is missing, and nothing of a stranger's is touched. */
final class CopiesRandomTest {
    /** {@code -Dseeds=N} runs more. */
    private static final int SEEDS = Integer.getInteger("seeds", 200);

    @Test
    void whatLivingPodsNameIsThereAndNothingElse() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(report(seed, PlantedBug.NONE)).isEmpty();
        }
    }

    /** A planted bug that no world notices would mean that the worlds are too kind or the checks too weak. */
    @ParameterizedTest
    @CsvSource({
        "SECRET_LEFT_BEHIND, left secrets/",
        "POD_OVERLOOKED, deleted ",
        "STRANGER_UNNOTICED, made a pod that gets ",
        "TYPE_UNNOTICED, secrets/"
    })
    void plantedBugIsCaught(PlantedBug bug, String expected) {
        var caught = new ArrayList<String>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            var broken = CopiesWorld.run(seed, bug);
            if (broken != null && broken.startsWith(expected)) {
                caught.add(
                        "seed %d: %s".formatted(seed, broken.lines().findFirst().orElseThrow()));
            }
        }

        // More than one world in fifty, by what the bug does, not by whatever else may follow from it.
        assertThat(caught).as("worlds that notice %s: %s...", bug, expected).hasSizeGreaterThan(SEEDS / 50);
        System.out.printf("%s: caught in %d of %d worlds, first: %s%n", bug, caught.size(), SEEDS, caught.getFirst());
    }

    @Test
    void failureTellsSeedInvariantEventsAndHowToRunItAgain() {
        long seed = LongStream.rangeClosed(1, SEEDS)
                .filter(one -> report(one, PlantedBug.SECRET_LEFT_BEHIND).contains(": left secrets/"))
                .findFirst()
                .orElseThrow();

        assertThat(report(seed, PlantedBug.SECRET_LEFT_BEHIND))
                .startsWith("seed %d: left secrets/".formatted(seed))
                .contains("tended")
                .endsWith("-Dtest=CopiesRandomTest#replay -Dseed=%d -Dplanted=SECRET_LEFT_BEHIND".formatted(seed));
    }

    /** Runs one seed: {@code -Dseed=N}, with {@code -Dplanted=BUG} where a planted bug was on. */
    @Test
    void replay() {
        assertThat(report(Long.getLong("seed", 1), PlantedBug.valueOf(System.getProperty("planted", "NONE"))))
                .isEmpty();
    }

    private static String report(long seed, PlantedBug bug) {
        var broken = CopiesWorld.run(seed, bug);
        return broken == null
                ? ""
                : ("seed %d: %s\nagain: ./mvnw -B -ntp -q -pl clusterregion -am test -Dsurefire.failIfNoSpecifiedTests=false"
                                + " -Dtest=CopiesRandomTest#replay -Dseed=%d%s")
                        .formatted(seed, broken, seed, bug == PlantedBug.NONE ? "" : " -Dplanted=" + bug);
    }
}
