package dev.spillway.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Prints one hash of all effects for each world of the three stories, to be compared before and after a change that only moves code:
 * {@code make effect-hashes > before}, then {@code after}, then {@code diff}.
 */
final class EffectHashesTest {
    private record Run(String name, long seed, SimulationOptions options) {}

    @Test
    @EnabledIfSystemProperty(named = "hashes", matches = "all", disabledReason = "minutes long, and it can only print")
    void printsAHashForEachWorld() throws InterruptedException, ExecutionException {
        main();
    }

    /** Arguments: how many worlds of everything, rollouts and worlds of contention; 200, 50 and 200 where there are none. */
    public static void main(String... args) throws InterruptedException, ExecutionException {
        int worlds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        int rollouts = args.length > 1 ? Integer.parseInt(args[1]) : 50;
        int contentions = args.length > 2 ? Integer.parseInt(args[2]) : 200;
        var runs = new ArrayList<Run>();
        for (long seed = 1; seed <= worlds; seed++) {
            runs.add(new Run("world", seed, SimulationOptions.DEFAULT));
        }
        for (long seed = 1; seed <= rollouts; seed++) {
            runs.add(new Run("rollout", seed, SimulationOptions.rollout(120, seed % 2 == 0)));
        }
        for (long seed = 1; seed <= contentions; seed++) {
            runs.add(new Run("contention", seed, SimulationOptions.contention()));
        }
        print(runs);
    }

    private static void print(List<Run> runs) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var hashes = new ArrayList<Future<String>>();
            for (var run : runs) {
                hashes.add(threads.submit(() -> line(run)));
            }
            for (var hash : hashes) {
                System.out.println(hash.get());
            }
        }
    }

    private static String line(Run run) {
        var outcome = Simulation.run(run.seed, run.options);
        return "%-10s %4d %016x %s"
                .formatted(run.name, run.seed, outcome.effects(), outcome.isClean() ? "" : outcome.report());
    }
}
