package dev.spillway.trials.scenario;

import dev.spillway.app.cli.CommandException;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.version.Version;
import dev.spillway.regions.simulated.SimulatedRegionsAdmin;
import dev.spillway.trials.embedded.EmbeddedClusterHost;
import dev.spillway.trials.outside.Chatter;
import dev.spillway.trials.outside.LocalSpillway;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.outside.OverdueException;
import dev.spillway.trials.outside.StopSignal;
import dev.spillway.trials.scenario.api.ApiFile;
import dev.spillway.trials.scenario.api.ApiRunner;
import dev.spillway.trials.scenario.api.ApiScenario;
import dev.spillway.trials.scenario.fault.Fault;
import dev.spillway.trials.scenario.fault.Faults;
import dev.spillway.trials.scenario.file.MalformedScenarioException;
import dev.spillway.trials.scenario.file.Yaml;
import dev.spillway.trials.scenario.report.Outcome;
import dev.spillway.trials.scenario.report.Report;
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
            "  spillway scenario scenarios                                # on clusters in this process",
            "  spillway scenario scenarios --kubeconfig FILE              # on yours",
            "  spillway scenario scenarios --filter E12",
            "  spillway scenario scenarios --record recordings            # then: spillway replay recordings/*",
            "  spillway scenario scenarios --catches                      # each must fail under the faults its file"
                    + " names",
            "  spillway scenario scenarios --faults                       # which fails under which planted fault;"
                    + " three quarters of an hour",
            "  spillway scenario scenarios --faults --fault max-one-more  # under this one alone",
            "  spillway scenario scenarios/api --mutate                   # every inverted expectation must be noticed"
        },
        mixinStandardHelpOptions = true)
public final class ScenarioCommand implements Callable<Integer> {
    private static final int STOPPED = 130;

    private final PrintWriter out;

    /** The files that are meant, by what they are about. */
    private record Meant(List<Scenario> scenarios, List<ApiScenario> api) {
        boolean isEmpty() {
            return scenarios.isEmpty() && api.isEmpty();
        }
    }

    @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Scenario files, or folders of them.")
    private List<Path> paths = List.of();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "A cluster of yours to run them on. Default: clusters in this process, several scenarios at a time.")
    private @Nullable Path kubeconfig;

    @Option(names = "--mutate", description = "Invert every expectation once; each time it must be noticed.")
    private boolean mutate;

    @Option(
            names = "--catches",
            description =
                    "Try each under the planted faults that its file names: it must fail. On clusters in this process.")
    private boolean catches;

    @Option(
            names = "--faults",
            description =
                    "Try each under every planted fault and print who fails under which: each fault must be caught,"
                            + " each scenario must catch one. On clusters in this process.")
    private boolean faults;

    @Option(
            names = "--fault",
            paramLabel = "NAME",
            description = "With --faults or --catches: only this one; may be repeated.")
    private List<String> only = List.of();

    @Option(
            names = "--record",
            paramLabel = "FOLDER",
            description = "Record what the controller decides to files of this folder, for 'spillway replay'.")
    private @Nullable Path recordings;

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
        var files = read(report);
        if (files.isEmpty() && report.isEmpty()) {
            throw new CommandException(
                    "There is no scenario in %s whose title has '%s' in it; correct the paths or --filter."
                            .formatted(paths.stream().map(Path::toString).collect(Collectors.joining(", ")), filter));
        }
        if (faults || catches) {
            requireNothingOfTheUsers(files);
            chosen();
        } else if (!only.isEmpty()) {
            throw new CommandException(
                    "--fault %s says under which fault; add --faults or --catches.".formatted(only.getFirst()));
        }
        boolean complete = true;
        if (!files.isEmpty()) {
            Chatter.hush();
            try (var signal = StopSignal.forThisThread()) {
                try {
                    complete = run(files, report);
                } catch (InterruptedException e) {
                    if (!signal.isStopping()) {
                        throw e;
                    }
                }
                if (signal.isStopping()) {
                    return STOPPED;
                }
            }
        }
        return (faults ? report.isEmpty() && complete : report.sum()) ? 0 : 1;
    }

    /** False where something was found that the report does not count. */
    private boolean run(Meant files, Report report) throws InterruptedException {
        if (faults) {
            return new FaultTable(out, files.scenarios(), chosen()).print();
        }
        if (catches) {
            tryNamedFaults(named(files.scenarios()), report);
            if (only.isEmpty()) {
                requireNamed(files.scenarios(), report);
            }
        } else if (kubeconfig != null) {
            run(kubeconfig, files, report);
        } else {
            runEmbedded(files, report);
        }
        return true;
    }

    /** On clusters in this process: files about the API on one, scenarios side by side, on one where a single controller is to be recorded. */
    private void runEmbedded(Meant files, Report report) throws InterruptedException {
        if (recordings != null || !files.api().isEmpty()) {
            try (var host = EmbeddedClusterHost.start(0)) {
                run(host.kubeconfig(), recordings == null ? new Meant(List.of(), files.api()) : files, report);
            }
        }
        if (recordings == null && !files.scenarios().isEmpty()) {
            new SideBySide(files.scenarios()).run((scenario, outcome) -> report.ended(scenario.title(), outcome));
        }
    }

    private void requireNothingOfTheUsers(Meant files) {
        if (kubeconfig != null) {
            throw new CommandException(
                    "--faults and --catches spoil what they run on: they take clusters in this process, not"
                            + " --kubeconfig.");
        }
        if (recordings != null) {
            throw new CommandException("--faults and --catches run many controllers at once: --record is for one.");
        }
        if (mutate || (faults && catches) || !files.api().isEmpty()) {
            throw new CommandException(
                    "One of --mutate, --faults and --catches at a time, and files about the API with --mutate only.");
        }
    }

    private List<Fault> chosen() {
        if (only.isEmpty()) {
            return Faults.ALL;
        }
        return only.stream()
                .map(name -> Faults.named(name)
                        .orElseThrow(() -> new CommandException("There is no fault %s; there are %s."
                                .formatted(
                                        name,
                                        Faults.ALL.stream().map(Fault::name).collect(Collectors.joining(", "))))))
                .toList();
    }

    /** Each scenario under each of the chosen faults that its file names. */
    private List<FaultTrials.Trial> named(List<Scenario> scenarios) {
        var named = new ArrayList<FaultTrials.Trial>();
        for (Fault fault : chosen()) {
            scenarios.stream()
                    .filter(scenario -> scenario.catches().contains(fault.name()))
                    .forEach(scenario -> named.add(new FaultTrials.Trial(scenario, fault)));
        }
        if (named.isEmpty() && !only.isEmpty()) {
            throw new CommandException("No file names %s under 'catches:'; see --faults --fault %s for who catches it."
                    .formatted(String.join(" or ", only), only.getFirst()));
        }
        return named;
    }

    private static void tryNamedFaults(List<FaultTrials.Trial> named, Report report) throws InterruptedException {
        var scenarios =
                named.stream().map(FaultTrials.Trial::scenario).distinct().toList();
        try (var trials = new FaultTrials()) {
            trials.measure(scenarios, (scenario, outcome) -> {
                if (outcome instanceof Outcome.Failed) {
                    report.ended(scenario.title(), outcome);
                }
            });
            trials.run(
                    named.stream()
                            .filter(trial -> trials.isMeasured(trial.scenario()))
                            .toList(),
                    (trial, outcome) -> {
                        var fault = trial.fault();
                        report.tried(trial.scenario().title(), fault == null ? "no fault" : fault.name(), outcome);
                    },
                    fault -> {});
        }
    }

    private static void requireNamed(List<Scenario> scenarios, Report report) {
        scenarios.stream()
                .filter(scenario -> scenario.catches().isEmpty())
                .forEach(scenario -> report.failed(
                        scenario.title(), "its file names no fault that it catches ('catches:'); see --faults"));
    }

    /** The scenarios that are meant; a file that cannot be used is a failure of its own and disturbs no other. */
    private Meant read(Report report) {
        var meant = new Meant(new ArrayList<>(), new ArrayList<>());
        for (Path file : ScenarioFile.find(paths)) {
            try {
                if (ApiFile.isOne(Yaml.read(file))) {
                    meant.api().add(ApiFile.read(file));
                } else {
                    meant.scenarios().add(ScenarioFile.read(file));
                }
            } catch (MalformedScenarioException e) {
                report.malformed(e);
            }
        }
        meant.api().removeIf(scenario -> !scenario.title().contains(filter));
        meant.scenarios().removeIf(scenario -> !scenario.title().contains(filter));
        return meant;
    }

    private void run(Path kubeconfig, Meant files, Report report) throws InterruptedException {
        try (var cluster = Cluster.open(kubeconfig, Version.userAgent("scenario"))) {
            runApi(cluster, files.api(), report);
            run(cluster, kubeconfig, files.scenarios(), report);
        }
    }

    private static void runApi(Cluster cluster, List<ApiScenario> scenarios, Report report)
            throws InterruptedException {
        if (scenarios.isEmpty()) {
            return;
        }
        var runner = new ApiRunner(cluster, ScenarioRunner.LABEL);
        runner.installFor(scenarios);
        for (ApiScenario scenario : scenarios) {
            report.ended(scenario.title(), runner.run(scenario));
        }
        try {
            runner.awaitNamespacesGone();
        } catch (ClusterException e) {
            report.failed("tidying up", String.valueOf(e.getMessage()));
        }
    }

    private void run(Cluster cluster, Path kubeconfig, List<Scenario> scenarios, Report report)
            throws InterruptedException {
        if (scenarios.isEmpty()) {
            return;
        }
        LocalSpillway.requireNoOther(cluster);
        LocalSpillway.install(cluster);
        try (var client = new OutsideClient(cluster.connection(), "spillway-scenario")) {
            ScenarioRunner.requireNoForeignRegions(client);
            try (var spillway = recordings == null
                            ? LocalSpillway.start(cluster, kubeconfig)
                            : LocalSpillway.startRecorded(cluster, kubeconfig, recordings);
                    var regions = new SimulatedRegionsAdmin(spillway.regionsEndpoint())) {
                var runner = new ScenarioRunner(client, spillway.regionsEndpoint(), regions, spillway.clock());
                runner.removeLeftovers();
                for (Scenario scenario : scenarios) {
                    report.ended(scenario.title(), runner.run(scenario));
                }
                runner.awaitNamespacesGone();
            }
        } catch (OverdueException e) {
            report.failed("tidying up", String.valueOf(e.getMessage()));
        }
    }
}
