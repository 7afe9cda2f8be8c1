package dev.spillway.bench.region;

import dev.spillway.bench.Distribution;
import dev.spillway.bench.cluster.AuditLog;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Prints the figures of {@link EndToEndBenchmark}. */
final class EndToEndReport {
    private static final String ROW = "  %-42s %10s %10s %10s %12s %12s%n";

    private final PrintStream out;

    EndToEndReport(PrintStream out) {
        this.out = out;
    }

    /** @param missing ways that did not run, and why */
    void print(Map<World, List<World.Round>> rounds, Map<String, String> missing) {
        out.printf("%nFrom the creation's 201 to Ready, seen by a watch; CPU seconds per 1,000 pods%n");
        out.printf(ROW, "", "p50", "p99", "slowest", "CPU of the", "CPU of API");
        out.printf(ROW, "", "", "", "", "programs", "servers");
        rounds.forEach(this::row);
        missing.forEach((name, reason) -> out.printf("  %-42s did not run: %s%n", name, reason));
        out.printf("  Programs: controller, kube-schedulers, kwok or virtual-kubelet. API servers: with their etcd and"
                + " kube-controller-manager.%n");
        rounds.forEach((world, all) -> {
            if (all.size() > 1) {
                out.printf("  p99 of each round, %s: %s%n", world.name(), each(all));
            }
        });
        out.printf("%nAPI writes per pod from creation to Ready and 3 s after, without Leases%n");
        rounds.forEach(this::writes);
    }

    private void row(World world, List<World.Round> rounds) {
        var all = new ArrayList<Duration>();
        rounds.forEach(round -> all.addAll(took(round).sorted()));
        var distribution = Distribution.of(all);
        out.printf(
                ROW,
                world.name(),
                distribution.millis(50),
                distribution.millis(99),
                distribution.millis(100),
                perThousand(rounds, World.Round::workers),
                perThousand(rounds, World.Round::servers));
    }

    private void writes(World world, List<World.Round> rounds) {
        double pods = pods(rounds);
        out.printf("  %s%n", world.name());
        for (var site : world.sites()) {
            var writes = new ArrayList<AuditLog.Write>();
            rounds.forEach(round -> writes.addAll(round.writes().getOrDefault(site.name(), List.of())));
            var kinds = Agents.writes(writes);
            long sum = kinds.values().stream().mapToLong(Long::longValue).sum();
            out.printf("    %-58s %10.3f%n", site.name() + ", all", sum / pods);
            kinds.forEach((kind, count) -> out.printf("      %-56s %10.3f%n", kind, count / pods));
        }
    }

    private static Distribution took(World.Round round) {
        return Load.between(round.created(), round.ready());
    }

    private static String each(List<World.Round> rounds) {
        return String.join(
                ", ", rounds.stream().map(round -> took(round).millis(99)).toList());
    }

    private static String perThousand(List<World.Round> rounds, Function<World.Round, Duration> cpu) {
        var sum = rounds.stream().map(cpu).reduce(Duration.ZERO, Duration::plus);
        return "%.2f s".formatted(sum.toMillis() / pods(rounds));
    }

    private static double pods(List<World.Round> rounds) {
        return rounds.stream().mapToInt(round -> round.created().size()).sum();
    }
}
