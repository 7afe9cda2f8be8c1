package dev.spillway.app.simulated;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.regions.simulated.SimulatedRegionsServer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A server of simulated regions in this process, on loopback. What runs in it ends with it. It may follow the Region objects of a
 * cluster: then it is what they declare, as soon as they are changed.
 */
public final class SimulatedRegionsHost implements AutoCloseable {
    private static final Duration LONGEST_FIRST_LIST = Duration.ofSeconds(20);

    private final SimulatedRegionsServer server;

    private SimulatedRegionsHost(SimulatedRegionsServer server) {
        this.server = server;
    }

    /**
     * Starts a server and returns when it knows the Regions there are.
     *
     * @param port 0 = any free one
     * @param clock in whose time stock changes and instances start and end
     * @param cluster whose Region objects it follows; null = it learns its regions through its interface alone. Stays open
     * @throws java.io.UncheckedIOException where the port cannot be had
     * @throws ClusterException where the cluster does not answer or does not know Regions
     */
    public static SimulatedRegionsHost start(int port, InstantSource clock, @Nullable Cluster cluster) {
        if (cluster != null) {
            cluster.requireOurKinds();
        }
        var server = SimulatedRegionsServer.start(port, clock);
        try {
            if (cluster != null) {
                follow(server, cluster);
            }
            return new SimulatedRegionsHost(server);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static void follow(SimulatedRegionsServer server, Cluster cluster) {
        var source = new ClusterRegionSource(cluster);
        server.follow(source);
        try {
            if (!source.awaitFirst(LONGEST_FIRST_LIST)) {
                throw new ClusterException(
                        "The Region objects of %s could not be listed within %d s; look at the API server's log."
                                .formatted(cluster.connection().server(), LONGEST_FIRST_LIST.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("Interrupted while listing Region objects.", e);
        }
    }

    /** The base URL, for {@code spec.backend.endpoint} of Regions and for whoever changes stock. */
    public URI endpoint() {
        return server.endpoint();
    }

    /** Stops following and serving. */
    @Override
    public void close() {
        server.close();
    }
}
