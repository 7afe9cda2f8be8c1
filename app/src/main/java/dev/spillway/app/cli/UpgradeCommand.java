package dev.spillway.app.cli;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.Installation;
import dev.spillway.app.version.Version;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spillway upgrade}: brings what an earlier version installed to this one's. */
@Command(
        name = "upgrade",
        description =
                "Brings the custom resources and the admission policy of an earlier version to this one's. The server checks all of it before"
                        + " anything is changed. Pods, Regions and policies stay as they are.",
        footer = {
            "",
            "Examples:",
            "  spillway upgrade --dry-run --kubeconfig FILE",
            "  spillway upgrade --kubeconfig FILE  # before the controllers, which know what earlier versions wrote"
        },
        mixinStandardHelpOptions = true)
public final class UpgradeCommand implements Runnable {
    private final PrintWriter out;

    @Mixin
    private KubeconfigOption kubeconfig = new KubeconfigOption();

    @Option(names = "--dry-run", description = "Have the server check everything, and change nothing.")
    private boolean dryRun;

    /** Prints to the given writer. */
    public UpgradeCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void run() {
        try (var cluster = Cluster.open(kubeconfig.file(), Version.userAgent("upgrade"))) {
            var installation = new Installation(cluster, Lines.to(out));
            if (!installation.isThere()) {
                throw new CommandException("%s has nothing of Spillway that could be upgraded; run 'spillway install'."
                        .formatted(cluster.connection().server()));
            }
            installation.preview();
            if (!dryRun) {
                installation.apply();
            }
        }
    }
}
