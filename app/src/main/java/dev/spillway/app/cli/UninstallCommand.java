package dev.spillway.app.cli;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.Removal;
import dev.spillway.app.controller.Controller;
import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.app.version.Version;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spillway uninstall}: takes Spillway out of a cluster, and leaves what runs. */
@Command(
        name = "uninstall",
        description =
                "Takes Spillway out of a cluster: admission, controller, rights, virtual nodes without pods. Pods that run in regions run on. What stays"
                        + " is listed. May be repeated.",
        footer = {
            "",
            "Examples:",
            "  spillway uninstall --dry-run --kubeconfig FILE",
            "  spillway uninstall --kubeconfig FILE",
            "  spillway uninstall --delete-crds    # every Region and policy, too; only where no pod runs in a region"
        },
        mixinStandardHelpOptions = true)
public final class UninstallCommand implements Runnable {
    private final PrintWriter out;

    @Mixin
    private KubeconfigOption kubeconfig = new KubeconfigOption();

    @Option(names = "--dry-run", description = "Tell what would be done, and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--delete-crds",
            description = "Remove the custom resource definitions too, and with them every Region and ResourcePolicy.")
    private boolean definitions;

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "Where the controller and its Lease are. Default: ${DEFAULT-VALUE}.",
            defaultValue = ControllerOptions.LEASE_NAMESPACE)
    private String namespace = "";

    /** Prints to the given writer. */
    public UninstallCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void run() {
        try (var cluster = Cluster.open(kubeconfig.file(), Version.userAgent("uninstall"))) {
            var wish = new Removal.Wish(dryRun, definitions, namespace, Controller.LEASE);
            new Removal(cluster, wish, Lines.to(out)).run();
        }
    }
}
