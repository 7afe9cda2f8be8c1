package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.kube.worlds.CoreAnswer;
import dev.spillway.kube.worlds.Oracle;
import dev.spillway.kube.worlds.Tally;
import dev.spillway.kube.worlds.Verdict;
import dev.spillway.kube.worlds.VirtualNodes;
import dev.spillway.kube.worlds.World;
import dev.spillway.kube.worlds.WorldGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * kube-scheduler itself says of random worlds which nodes are feasible, virtual ones among them whose taint the pod tolerates; the
 * core says the same, and so does the oracle that judges the core where there is no kube-scheduler. {@code -Dworlds=N} judges so many instead of 200, {@code -Dseed=S} begins with another
 * seed than 1.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class KubeSchedulerJudgeIT {
    private static final int WORLDS = Integer.getInteger("worlds", 200);
    private static final long FIRST = Long.getLong("seed", 1);

    /**
     * How long each attempt waits for the caches of kube-scheduler, which lag behind: a difference counts only if it is still there at
     * the last one.
     */
    private static final List<Duration> LAGS =
            List.of(Duration.ofMillis(40), Duration.ofMillis(400), Duration.ofSeconds(3));

    private SchedulerJudge judge;
    private JudgedWorlds worlds;

    @BeforeAll
    void start() {
        judge = SchedulerJudge.start();
        worlds = new JudgedWorlds(judge);
    }

    @AfterAll
    void stop() {
        judge.close();
    }

    @Test
    void feasibleNodesAreThoseOfKubeScheduler() {
        var tally = new Tally();
        var differences = new ArrayList<String>();
        for (long seed = FIRST; seed < FIRST + WORLDS; seed++) {
            var world = WorldGenerator.world(seed);
            var verdict = Oracle.judge(world);
            tally.add(world, verdict);
            difference(world, verdict).ifPresent(differences::add);
        }

        System.out.print(tally);
        differences.forEach(System.out::println);
        System.out.printf("%d worlds agree, %d differ%n", WORLDS - differences.size(), differences.size());
        assertThat(differences)
                .as("worlds in which kube-scheduler finds other nodes feasible than the core or the oracle")
                .isEmpty();
    }

    private Optional<String> difference(World world, Verdict verdict) {
        var objects = worlds.put(world);
        var seen = new ArrayList<Set<String>>();
        var core = Set.<String>of();
        for (var lag : LAGS) {
            var attempt = worlds.attempt(world, lag);
            seen.add(attempt.feasible());
            // From what the API server made of the world: with its defaults, and matchLabelKeys merged into selectors.
            core = VirtualNodes.comparable(world, CoreAnswer.feasible(objects, attempt.pod()));
            if (attempt.feasible().equals(verdict.feasible()) && core.equals(VirtualNodes.expected(world, verdict))) {
                return Optional.empty();
            }
        }
        return Optional.of(report(world, verdict, core, seen));
    }

    private static String report(World world, Verdict verdict, Set<String> core, List<Set<String>> seen) {
        return """
            seed %d: kube-scheduler finds feasible %s
              core finds %s, room, ports and volumes aside on virtual nodes
              the oracle finds %s, for it holds against them: %s
              again: make judge WORLDS=1 SEED=%d
            %s\
            """.formatted(
                        world.seed(),
                        seen,
                        core,
                        verdict.feasible(),
                        verdict,
                        world.seed(),
                        world.toString().indent(2));
    }
}
