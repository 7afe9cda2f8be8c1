package dev.spillway.app.cli;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.Installation;
import dev.spillway.app.version.Version;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spillway install}: brings a cluster the custom resources and the admission policy. */
@Command(
        name = "install",
        description = "Brings a cluster the custom resources and the admission policy. May be repeated.",
        footer = {
            "",
            "Examples:",
            "  spillway install --kubeconfig FILE",
            "  kubectl apply -k deploy/base        # the same, and the controller as a Deployment"
        },
        mixinStandardHelpOptions = true)
public final class InstallCommand implements Runnable {
    private final PrintWriter out;

    @Mixin
    private KubeconfigOption kubeconfig = new KubeconfigOption();

    /** Prints to the given writer. */
    public InstallCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void run() {
        try (var cluster = Cluster.open(kubeconfig.file(), Version.userAgent("install"))) {
            new Installation(cluster, line -> {
                        out.println(line);
                        out.flush();
                    })
                    .apply();
        }
    }
}
