package dev.spillway.app.doctor;

import dev.spillway.app.cli.KubeconfigOption;
import dev.spillway.app.cli.OutputOption;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.app.version.Version;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spillway doctor}: what is fine, what is worth knowing, what is trouble, and what to do. Exit codes: 0 no trouble; 1 some. */
@Command(
        name = "doctor",
        description = {
            "Looks at a cluster and the ways to its regions from here: API server, clocks, definitions, admission,"
                    + " controller, Regions, Services of pods that run elsewhere, logs and shells. Changes nothing.",
            "",
            "A line is ok, note (worth knowing) or TROUBLE; below it stands what to do."
        },
        footer = {
            "",
            "Exit codes: 0 = no trouble; 1 = some.",
            "",
            "Examples:",
            "  spillway doctor --kubeconfig FILE",
            "  spillway doctor -o json              # fields: docs/doctor.md",
            "  kubectl spillway doctor              # with kubectl-spillway on the PATH"
        },
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    private static final int TROUBLE = 1;
    private static final Duration LONGEST_DIAL = Duration.ofSeconds(2);

    private final PrintWriter out;

    @Mixin
    private KubeconfigOption kubeconfig = new KubeconfigOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--lease-namespace",
            paramLabel = "NAMESPACE",
            description = "Namespace of the Lease, as the controller was told. Default: ${DEFAULT-VALUE}.",
            defaultValue = ControllerOptions.LEASE_NAMESPACE)
    private String leaseNamespace = "";

    /** Prints to the given writer. */
    public DoctorCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        try (var cluster = Cluster.open(kubeconfig.file(), Version.userAgent("doctor"))) {
            var report = new Report(doctor(new Home(cluster)).look());
            switch (output.format()) {
                case table -> report.lines().forEach(out::println);
                case json -> out.println(report.json());
            }
            out.flush();
            return report.hasTrouble() ? TROUBLE : 0;
        }
    }

    private Doctor doctor(Home home) {
        return new Doctor(
                new ApiServerCheck(home, InstantSource.system()),
                List.of(
                        new DefinitionsCheck(home),
                        new AdmissionCheck(home),
                        new ControllerCheck(home, leaseNamespace),
                        new RegionsCheck(home),
                        new ServicesCheck(home, Dialer.tcp(LONGEST_DIAL), Standpoint.here()),
                        new StreamsCheck(home)));
    }
}
