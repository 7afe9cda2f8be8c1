package dev.spillway.bench.embedded;

import dev.spillway.app.version.Version;
import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.Distribution;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * Prints what the embedded cluster costs: time to start, memory with thousands of pods and hundreds of watches, latencies at that size. A
 * benchmark prints and does not judge: the exit code is 0 whatever the figures, 1 where it could not be carried out, 2 for a bad option.
 */
public final class EmbeddedBenchmark {
    private static final String ROW = "  %-58s %10s %12s%n";

    private EmbeddedBenchmark() {}

    /** Runs it; see {@code EmbeddedOptions.USAGE} or a wrong option for what there is. */
    public static void main(String[] arguments) {
        EmbeddedOptions options;
        try {
            options = EmbeddedOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        try {
            heading(options);
            startUp(options);
            crowd(options, new Crowd(options).measure());
        } catch (BenchmarkException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private static void heading(EmbeddedOptions options) {
        System.out.printf(
                "machine   %d cores, %s %s, %s; %s%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                load());
        System.out.printf("versions  Spillway %s, Java %s%n", Version.text(), Runtime.version());
        System.out.printf(
                "set-up    the cluster in a JVM of its own (%s), its clients in another one%n",
                String.join(" ", options.jvmOptions()));
    }

    private static void startUp(EmbeddedOptions options) {
        var startUp = StartUp.measure(options.starts(), options.jvmOptions());
        System.out.printf("%nStart: %d fresh JVMs, one after the other%n", options.starts());
        row("", "goal", "measured");
        row(
                "launch of the JVM to the first answer, median",
                "1500.0 ms",
                startUp.fromLaunch().millis(50));
        row(
                "launch of the JVM to the first answer, worst",
                "1500.0 ms",
                startUp.fromLaunch().millis(100));
        row(
                "call of start() to the first answer, median",
                "",
                startUp.fromCall().millis(50));
        row("call of start() to the first answer, worst", "", startUp.fromCall().millis(100));
    }

    private static void crowd(EmbeddedOptions options, Crowd.Outcome outcome) {
        System.out.printf(
                "%nCrowd: %,d pods of %d Deployments, each bound and running, %d watches of all pods; %s%n",
                options.pods(), options.deployments(), options.watches(), load());
        row("", "goal", "measured");
        row("until all pods are there", "", seconds(outcome.untilThere()));
        row("until all pods are bound and their status is written", "", seconds(outcome.untilRunning()));
        row("until all watches are told", "", seconds(outcome.untilTold()));
        row("events delivered", "", "%,d".formatted(outcome.events()));
        row("events delivered per second", "", "%,.0f".formatted(perSecond(outcome.events(), outcome.untilTold())));
        row(
                "megabytes delivered per second",
                "",
                "%,.0f".formatted(perSecond(outcome.bytes(), outcome.untilTold()) / 1e6));
        row("watches ended by the server", "0", Integer.toString(outcome.endedWatches()));
        memory("empty", "", outcome.empty());
        memory("with everything", "512 MB", outcome.full());
        memory("after the requests below", "512 MB", outcome.after());
        System.out.printf(
                "%nLatencies at that size: one client, %d requests of each kind one after the other%n",
                options.requests());
        System.out.printf(ROW, "", "p50", "p99");
        latency("get a pod", outcome.latencies().get());
        latency("patch a pod's status", outcome.latencies().patchStatus());
        latency("bind a pod", outcome.latencies().bind());
    }

    private static void memory(String when, String goal, Crowd.Memory memory) {
        row("resident set, " + when, goal, megabytes(memory.resident()));
        row("    the most until then", goal, megabytes(memory.residentMost()));
        row("    after a collection", goal, megabytes(memory.residentCollected()));
        row("    of that, heap in use", "", megabytes(memory.heap()));
    }

    private static void latency(String what, Distribution durations) {
        System.out.printf(ROW, what, durations.millis(50), durations.millis(99));
    }

    private static void row(String what, String goal, String measured) {
        System.out.printf(ROW, what, goal, measured);
    }

    private static double perSecond(long count, Duration time) {
        return count * 1e9 / Math.max(1, time.toNanos());
    }

    private static String seconds(Duration time) {
        return "%.1f s".formatted(time.toMillis() / 1e3);
    }

    private static String megabytes(long bytes) {
        return bytes == 0 ? "?" : "%.0f MB".formatted(bytes / (double) (1 << 20));
    }

    private static String load() {
        return "load average %.1f"
                .formatted(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
