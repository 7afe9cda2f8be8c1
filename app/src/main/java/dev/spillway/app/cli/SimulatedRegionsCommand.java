package dev.spillway.app.cli;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.simulated.SimulatedRegionsHost;
import dev.spillway.app.version.Version;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spillway simulated-regions}: serves simulated regions until it is told to end. */
@Command(
        name = "simulated-regions",
        description =
                "Serves simulated regions, as a cloud would, until Ctrl-C. What runs in them ends with the process.",
        footer = {
            "",
            "Examples:",
            "  spillway simulated-regions --port 8087 --kubeconfig FILE    # is what the Region objects declare",
            "  curl http://127.0.0.1:8087/v1/regions                       # what there is",
            "  curl -X PUT http://127.0.0.1:8087/v1/regions/REGION/stock -d '{\"gpuModel\": \"L20\", \"instances\": 0}'"
        },
        mixinStandardHelpOptions = true)
public final class SimulatedRegionsCommand implements Runnable {
    private final PrintWriter out;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port on 127.0.0.1; 0 = any free one. Default: ${DEFAULT-VALUE}.",
            defaultValue = "8087")
    private int port;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "The cluster whose Region objects of type Simulated say what the regions are. Without it they are"
                            + " defined through the interface alone.")
    private @Nullable Path kubeconfig;

    /** Prints to the given writer. */
    public SimulatedRegionsCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void run() {
        var cluster = kubeconfig == null ? null : Cluster.open(kubeconfig, Version.userAgent("simulated-regions"));
        try {
            var host = SimulatedRegionsHost.start(port, InstantSource.system(), cluster);
            out.printf("simulated regions serve on %s%n", host.endpoint());
            out.flush();
            Foreground.untilTold(host);
        } finally {
            if (cluster != null) {
                cluster.close();
            }
        }
    }
}
