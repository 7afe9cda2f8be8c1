package dev.spillway.trials.scenario;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.controller.Seams;
import dev.spillway.app.version.Version;
import dev.spillway.regions.simulated.SimulatedRegionsAdmin;
import dev.spillway.trials.embedded.EmbeddedClusterHost;
import dev.spillway.trials.outside.LocalSpillway;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.scenario.report.Outcome;
import java.time.Duration;

/** A cluster in this process with a Spillway of its own, for scenarios one after another; everything in it ends with it. Not thread-safe. */
final class World implements AutoCloseable {
    /** Longer than anything that waits for what a controller cannot know right after its start. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final EmbeddedClusterHost host;
    private final Cluster cluster;
    private final LocalSpillway spillway;
    private final OutsideClient client;
    private final SimulatedRegionsAdmin regions;
    private final ScenarioRunner runner;

    private World(EmbeddedClusterHost host, Cluster cluster, LocalSpillway spillway) {
        this.host = host;
        this.cluster = cluster;
        this.spillway = spillway;
        this.client = new OutsideClient(cluster.connection(), "spillway-scenario");
        this.regions = new SimulatedRegionsAdmin(spillway.regionsEndpoint());
        this.runner = new ScenarioRunner(client, spillway.regionsEndpoint(), regions, spillway.clock());
    }

    /** Starts one whose controller works and has settled in. */
    static World start(Seams seams) throws InterruptedException {
        var host = EmbeddedClusterHost.start(0);
        try {
            var cluster = Cluster.open(host.kubeconfig(), Version.userAgent("scenario"));
            LocalSpillway.install(cluster);
            var world = new World(host, cluster, LocalSpillway.start(cluster, host.kubeconfig(), seams));
            world.spillway.clock().advance(SETTLED);
            return world;
        } catch (RuntimeException | InterruptedException e) {
            host.close();
            throw e;
        }
    }

    Outcome run(Scenario scenario, Pace pace) throws InterruptedException {
        return runner.run(scenario, pace);
    }

    @Override
    public void close() {
        client.close();
        spillway.close();
        regions.close();
        cluster.close();
        host.close();
    }
}
