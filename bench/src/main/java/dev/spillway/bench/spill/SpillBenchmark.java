package dev.spillway.bench.spill;

import dev.spillway.app.cluster.ClusterException;
import dev.spillway.bench.BenchmarkException;
import dev.spillway.core.model.RegionId;
import dev.spillway.it.ControlPlaneException;
import java.util.List;

/**
 * Prints, from a real control plane: how long it takes from a region's refusal to the binding in the next one and what is written
 * in between; how often a sold-out region is asked; what is written about a pod until it is ready. A benchmark prints and does not judge:
 * the exit code is 0 whatever the figures, 1 where pods were not placed, 2 for a bad option.
 */
public final class SpillBenchmark {
    private static final int PER_SECOND = 20;

    // The rest comes slowly enough that two or three sold-out periods end while pods still come.
    private static final int SLOW_PER_SECOND = 10;

    private SpillBenchmark() {}

    /** Runs it; see {@code SpillOptions.USAGE} or a wrong option for what there is. */
    public static void main(String[] arguments) throws InterruptedException {
        SpillOptions options;
        try {
            options = SpillOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        try {
            run(options);
        } catch (BenchmarkException | ControlPlaneException | ClusterException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private static void run(SpillOptions options) throws InterruptedException {
        try (var cluster = BenchCluster.start(options.storage())) {
            var report = new SpillReport(System.out);
            report.heading(options, cluster.versions());
            models("bench-warm-up", options.warmUpPods()).run(cluster);
            var refused = models("bench-own-models", options.pods()).run(cluster);
            report.refusedOnce(
                    PER_SECOND,
                    cluster.timers().of("spillway.refusal.to.bind"),
                    SpillLegs.of(refused, new RegionId(BenchObjects.SOLD_OUT)),
                    refused.machine());
            var soldOut = oneModel(options.pods()).run(cluster);
            report.soldOut(
                    options.pods(),
                    CallWaves.of(new RegionId(BenchObjects.SLOWLY_SOLD_OUT), soldOut.calls()),
                    soldOut.machine());
            report.writes(refused, soldOut);
        }
    }

    private static Phase models(String namespace, int pods) {
        return new Phase(
                namespace,
                BenchObjects.SOLD_OUT,
                pod -> "%s-%04d".formatted(namespace, pod),
                List.of(new Phase.Burst(pods, PER_SECOND)));
    }

    private static Phase oneModel(int pods) {
        int atOnce = pods / 2;
        return new Phase(
                "bench-one-model",
                BenchObjects.SLOWLY_SOLD_OUT,
                pod -> "one-model",
                List.of(new Phase.Burst(atOnce, 0), new Phase.Burst(pods - atOnce, SLOW_PER_SECOND)));
    }
}
