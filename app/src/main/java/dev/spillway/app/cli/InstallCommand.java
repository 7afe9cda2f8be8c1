package dev.spillway.app.cli;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.Installation;
import dev.spillway.app.version.Version;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spillway install}: brings a cluster the custom resources and the admission policy. */
@Command(
        name = "install",
        description = "Brings a cluster the custom resources and the admission policy. May be repeated.",
        footer = {
            "",
            "Examples:",
            "  spillway install --kubeconfig FILE",
            "  spillway install --dry-run          # asks the server what would change",
            "  kubectl apply -k deploy/            # the same, and the controller as a Deployment"
        },
        mixinStandardHelpOptions = true)
public final class InstallCommand implements Runnable {
    private final PrintWriter out;

    @Mixin
    private KubeconfigOption kubeconfig = new KubeconfigOption();

    @Option(names = "--dry-run", description = "Have the server check everything, and change nothing.")
    private boolean dryRun;

    /** Prints to the given writer. */
    public InstallCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void run() {
        try (var cluster = Cluster.open(kubeconfig.file(), Version.userAgent("install"))) {
            var installation = new Installation(cluster, Lines.to(out));
            if (dryRun) {
                installation.preview();
            } else {
                installation.apply();
            }
        }
    }
}
