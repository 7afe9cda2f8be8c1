package dev.spillway.bench.region;

import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.version.Version;
import dev.spillway.bench.BenchmarkException;
import dev.spillway.it.ControlPlaneException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Runs a benchmark's body as a command does: help, options, a line for what went wrong, an exit code. */
final class Launch {
    private Launch() {}

    /** What is to be done. */
    interface Body {
        void run(Arguments arguments) throws IOException, InterruptedException;
    }

    /** Ends this JVM. */
    static void run(String benchmark, String does, List<Arguments.Option> options, String[] given, Body body) {
        if (List.of(given).contains("--help")) {
            System.out.print(Arguments.help(benchmark, does, options));
            System.exit(0);
        }
        Arguments arguments;
        try {
            arguments = Arguments.parse(options, List.of(given));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        try {
            body.run(arguments);
        } catch (BenchmarkException | ControlPlaneException | ClusterException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            System.exit(1);
        }
        System.exit(0);
    }

    /** Prints the machine and the versions, which belong beside every figure. */
    static void heading(Site site) {
        System.out.printf(
                "machine   %d cores, %s %s, load average %.1f%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        System.out.printf(
                "versions  Spillway %s, Java %s, Kubernetes %s%n",
                Version.text(),
                Runtime.version(),
                site.api().read("/version").path("gitVersion").asText("?"));
        System.out.printf("set-up    %s, audit logs on%n", Site.STORAGE.words());
    }
}
