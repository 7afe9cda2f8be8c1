package dev.spillway.app.scenario;

import dev.spillway.app.Version;
import dev.spillway.app.cli.CommandException;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.embedded.EmbeddedClusterHost;
import dev.spillway.app.outside.Chatter;
import dev.spillway.app.outside.LocalSpillway;
import dev.spillway.app.outside.OutsideClient;
import dev.spillway.app.outside.OverdueException;
import dev.spillway.app.outside.StopSignal;
import dev.spillway.regions.simulated.SimulatedRegionsAdmin;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code spillway scenario}: runs scenario files on a cluster. The last line is {@code N passed, N failed}; exit code 0 only
 * if none failed.
 */
@Command(
        name = "scenario",
        description = "Runs worked examples, one file each, on a cluster, and judges what an outside client sees.",
        footer = {
            "",
            "Examples:",
            "  spillway scenario scenarios                                # on a cluster in this process",
            "  spillway scenario scenarios --kubeconfig FILE              # on yours",
            "  spillway scenario scenarios --filter E12",
            "  spillway scenario scenarios --mutate                       # every inverted expectation must be noticed"
        },
        mixinStandardHelpOptions = true)
public final class ScenarioCommand implements Callable<Integer> {
    private static final int STOPPED = 130;

    private final PrintWriter out;

    @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Scenario files, or folders of them.")
    private List<Path> paths = List.of();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "A cluster of yours to run them on. Default: one in this process, as 'demo' has it.")
    private @Nullable Path kubeconfig;

    @Option(names = "--mutate", description = "Invert every expectation once; each time it must be noticed.")
    private boolean mutate;

    @Option(names = "--filter", paramLabel = "TEXT", description = "Only those whose title has this in it.")
    private String filter = "";

    /** Prints to the given writer. */
    public ScenarioCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    @SuppressWarnings("try") // the signal only has to be there
    public Integer call() throws InterruptedException {
        var report = new Report(out, mutate ? Report.Mode.MUTANTS : Report.Mode.SCENARIOS);
        var scenarios = read(report);
        if (scenarios.isEmpty() && report.isEmpty()) {
            throw new CommandException(
                    "There is no scenario in %s whose title has '%s' in it; correct the paths or --filter."
                            .formatted(paths.stream().map(Path::toString).collect(Collectors.joining(", ")), filter));
        }
        if (!scenarios.isEmpty()) {
            Chatter.hush();
            try (var signal = StopSignal.forThisThread()) {
                if (kubeconfig != null) {
                    run(kubeconfig, scenarios, report, signal);
                } else {
                    try (var host = EmbeddedClusterHost.start(0)) {
                        run(host.kubeconfig(), scenarios, report, signal);
                    }
                }
                if (signal.isStopping()) {
                    return STOPPED;
                }
            }
        }
        return report.sum() ? 0 : 1;
    }

    /** The scenarios that are meant; a file that cannot be used is a failure of its own and disturbs no other. */
    private List<Scenario> read(Report report) {
        var scenarios = new ArrayList<Scenario>();
        for (Path file : ScenarioFile.find(paths)) {
            try {
                Scenario scenario = ScenarioFile.read(file);
                if (scenario.title().contains(filter)) {
                    scenarios.add(scenario);
                }
            } catch (MalformedScenarioException e) {
                report.malformed(e);
            }
        }
        return scenarios;
    }

    private static void run(Path kubeconfig, List<Scenario> scenarios, Report report, StopSignal signal)
            throws InterruptedException {
        try (var cluster = Cluster.open(kubeconfig, Version.userAgent("scenario"))) {
            run(cluster, kubeconfig, scenarios, report, signal);
        }
    }

    private static void run(
            Cluster cluster, Path kubeconfig, List<Scenario> scenarios, Report report, StopSignal signal)
            throws InterruptedException {
        LocalSpillway.requireNoOther(cluster);
        LocalSpillway.install(cluster);
        try (var client = new OutsideClient(cluster.connection(), "spillway-scenario")) {
            ScenarioRunner.requireNoForeignRegions(client);
            try (var spillway = LocalSpillway.start(cluster, kubeconfig);
                    var regions = new SimulatedRegionsAdmin(spillway.regionsEndpoint())) {
                var runner = new ScenarioRunner(client, spillway.regionsEndpoint(), regions, spillway.clock());
                runner.removeLeftovers();
                for (Scenario scenario : scenarios) {
                    report.ended(scenario, runner.run(scenario));
                }
                runner.awaitNamespacesGone();
            }
        } catch (OverdueException e) {
            report.failed("tidying up", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            if (!signal.isStopping()) {
                throw e;
            }
        }
    }
}
