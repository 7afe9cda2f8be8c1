package dev.spillway.bench.spill;

import dev.spillway.bench.Distribution;
import dev.spillway.bench.cluster.AuditLog;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Prints figures beside their goals. */
final class SpillReport {
    private static final String ROW = "  %-58s %10s %12s%n";

    private final PrintStream out;

    SpillReport(PrintStream out) {
        this.out = out;
    }

    void heading(SpillOptions options, String versions) {
        out.printf(
                "machine   %d cores, %s %s, %s%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"));
        out.printf("versions  %s%n", versions);
        out.printf(
                "set-up    %s, audit log on; controller, simulated regions and load in one JVM%n",
                options.storage().words());
        out.printf("warm-up   %d pods, not measured%n", options.warmUpPods());
    }

    void refusedOnce(int perSecond, Distribution refusalToBinding, SpillLegs legs, String machine) {
        out.printf(
                "%nRefused once: %,d pods at %d per second, each of a GPU model of its own%n",
                refusalToBinding.count(), perSecond);
        out.printf("  %s%n", machine);
        columns();
        row("refusal's event to Binding's 201, p50", "", refusalToBinding.millis(50));
        row("refusal's event to Binding's 201, p99", "25 ms", refusalToBinding.millis(99));
        row("refusal's event to Binding's 201, slowest", "", refusalToBinding.millis(100));
        row(
                "API writes about the pod in between, all pods",
                "0",
                Integer.toString(legs.writesBetween().size()));
        legs.writesBetween().stream()
                .collect(Collectors.groupingBy(AuditLog.Write::kind, TreeMap::new, Collectors.counting()))
                .forEach((kind, count) -> row("    " + kind, "", count.toString()));
        out.printf("  The same from outside, p50 and p99 of %,d pods:%n", legs.refused());
        leg("first region's refusal to the next region's call", legs.toNextCall());
        leg("next region's call to the Binding at the API server", legs.toBinding());
        leg("Binding in the API server", legs.binding());
        leg("all of it", legs.whole());
    }

    void soldOut(int pods, CallWaves waves, String machine) {
        out.printf(
                "%nSold out: %,d pods of one GPU model, half of them at once, then %s%n",
                pods,
                "steadily; the first region has two zones, and says no after %d ms"
                        .formatted(BenchObjects.REFUSAL_MILLIS));
        out.printf("  %s%n", machine);
        columns();
        row("acquire calls before it is known as sold out", "16", Integer.toString(waves.beforeKnown()));
        var later = waves.inLaterPeriods();
        row(
                "acquire calls in each sold-out period after, both zones",
                "2",
                later.isEmpty() ? "none ended" : later.toString());
        var begin = waves.zones().stream()
                .map(zone -> zone.waves().getFirst().first())
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
        for (var zone : waves.zones()) {
            out.printf(
                    "  %s: %s%n",
                    zone.zone(),
                    zone.waves().stream()
                            .map(wave -> "%d at %.1f s"
                                    .formatted(
                                            wave.calls(),
                                            Duration.between(begin, wave.first())
                                                            .toMillis()
                                                    / 1e3))
                            .collect(Collectors.joining(", ")));
        }
    }

    void writes(Phase.Outcome refused, Phase.Outcome soldOut) {
        out.printf("%nAPI writes of the controller, per pod from creation to Ready%n");
        out.printf(ROW, "", "refused", "sold out");
        out.printf(ROW, "", "once", "");
        var kinds = new TreeSet<String>();
        refused.writes().forEach(write -> kinds.add(kind(write)));
        soldOut.writes().forEach(write -> kinds.add(kind(write)));
        for (var kind : kinds) {
            row(kind, perPod(refused, kind), perPod(soldOut, kind));
        }
        row("all", perPod(refused, ""), perPod(soldOut, ""));
        out.printf("  Beside these, in the same time, about no single pod:%n");
        var others = new TreeSet<String>();
        refused.otherWrites().forEach(write -> others.add(kind(write)));
        soldOut.otherWrites().forEach(write -> others.add(kind(write)));
        for (var kind : others) {
            row(kind, count(refused.otherWrites(), kind), count(soldOut.otherWrites(), kind));
        }
        row("time", refused.took().toSeconds() + " s", soldOut.took().toSeconds() + " s");
    }

    private static String perPod(Phase.Outcome record, String kind) {
        long count = record.writes().stream()
                .filter(write -> kind.isEmpty() || kind(write).equals(kind))
                .count();
        return "%.3f".formatted((double) count / record.pods().size());
    }

    private static String count(List<AuditLog.Write> writes, String kind) {
        return Long.toString(
                writes.stream().filter(write -> kind(write).equals(kind)).count());
    }

    // A write that failed is a line of its own.
    private static String kind(AuditLog.Write write) {
        return write.code() < 300 ? write.kind() : write.kind() + " answered " + write.code();
    }

    private void columns() {
        out.printf(ROW, "", "goal", "measured");
    }

    private void row(String what, String goal, String measured) {
        out.printf(ROW, what, goal, measured);
    }

    private void leg(String what, Distribution durations) {
        out.printf(ROW, "    " + what, durations.millis(50), durations.millis(99));
    }
}
