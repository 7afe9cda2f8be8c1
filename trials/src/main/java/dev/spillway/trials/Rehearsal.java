package dev.spillway.trials;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.version.Version;
import dev.spillway.trials.embedded.EmbeddedClusterHost;
import dev.spillway.trials.outside.OutsideClient;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Does shortly what a command with a cluster of its own does first, and ends the process. {@code ./spillway} has the classes that are
 * loaded on the way archived, so that commands need not load them one by one.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /** Takes no arguments and says nothing. */
    public static void main(String[] arguments) {
        var nobody = new PrintWriter(Writer.nullWriter());
        Trials.run(nobody, nobody, "help", "demo");
        try (var host = EmbeddedClusterHost.start(0);
                var cluster = Cluster.open(host.kubeconfig(), Version.userAgent("rehearsal"));
                var client = new OutsideClient(cluster.connection(), "spillway-rehearsal")) {
            cluster.requireOurKinds();
            client.list(OutsideClient.NODES);
        }
        System.exit(0);
    }
}
