package dev.spillway.trials.outside;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.cluster.Installation;
import dev.spillway.app.controller.Controller;
import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.app.controller.DecisionClock;
import dev.spillway.app.controller.Seams;
import dev.spillway.app.monitoring.Meters;
import dev.spillway.app.simulated.SimulatedRegionsHost;
import dev.spillway.kube.leader.Elector;
import dev.spillway.recording.recorder.RecorderOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A Spillway in this process: the simulated regions' server and a controller, both on one decision clock that may be moved
 * ahead. Whoever started it knows them by what they do to the cluster.
 */
public final class LocalSpillway implements AutoCloseable {
    private static final Elector.LeaseName LEASE = Controller.leaseName(ControllerOptions.LEASE_NAMESPACE);
    private static final Duration START = Duration.ofSeconds(60);

    private final DecisionClock clock;
    private final SimulatedRegionsHost regions;
    private final Controller controller;

    private LocalSpillway(DecisionClock clock, SimulatedRegionsHost regions, Controller controller) {
        this.clock = clock;
        this.regions = regions;
        this.controller = controller;
    }

    /** Fails where a controller is at work on the cluster: two would answer for the same pods. */
    public static void requireNoOther(Cluster cluster) throws InterruptedException {
        var holder = holder(cluster);
        if (holder.isPresent()) {
            throw new ClusterException(
                    "Controller %s is at work on this cluster (it holds Lease %s); stop it, or use another cluster."
                            .formatted(holder.get(), LEASE));
        }
    }

    /** The controller that is at work on the cluster. Takes up to 12 s to tell where one was killed. */
    public static Optional<String> holder(Cluster cluster) throws InterruptedException {
        try {
            return Elector.holder(cluster.client(), LEASE);
        } catch (IOException e) {
            throw new ClusterException("Whether another controller is at work cannot be told: " + e.getMessage(), e);
        }
    }

    /** Brings the cluster the CRDs and the admission policy; returns when they are in force. */
    public static void install(Cluster cluster) {
        new Installation(cluster, step -> {}).apply();
    }

    /**
     * Starts both, and waits until the controller places pods.
     *
     * @param cluster stays open
     * @throws ClusterException where the cluster lacks something
     */
    public static LocalSpillway start(Cluster cluster, Path kubeconfig) throws InterruptedException {
        return start(cluster, kubeconfig, Seams.NONE);
    }

    /** The same, which records every engine to a file of this folder. */
    public static LocalSpillway startRecorded(Cluster cluster, Path kubeconfig, Path recordings)
            throws InterruptedException {
        return start(
                cluster, ControllerOptions.of(kubeconfig).withRecording(RecorderOptions.file(recordings)), Seams.NONE);
    }

    /** The same with something between the controller's engine and the world. */
    public static LocalSpillway start(Cluster cluster, Path kubeconfig, Seams seams) throws InterruptedException {
        return start(cluster, ControllerOptions.of(kubeconfig), seams);
    }

    private static LocalSpillway start(Cluster cluster, ControllerOptions options, Seams seams)
            throws InterruptedException {
        var clock = DecisionClock.system();
        var regions = SimulatedRegionsHost.start(0, clock, cluster);
        Controller controller;
        try {
            controller = Controller.start(options.withClock(clock), new Meters(new SimpleMeterRegistry()), seams);
        } catch (RuntimeException e) {
            regions.close();
            throw e;
        }
        var started = new LocalSpillway(clock, regions, controller);
        if (!controller.awaitLeading(START)) {
            started.close();
            throw new ClusterException("The controller did not begin to place pods within %d s: %s"
                    .formatted(START.toSeconds(), String.join("; ", controller.problems())));
        }
        return started;
    }

    /** The simulated regions' server. */
    public URI regionsEndpoint() {
        return regions.endpoint();
    }

    /** The clock that both go by. */
    public DecisionClock clock() {
        return clock;
    }

    @Override
    public void close() {
        controller.close();
        regions.close();
    }
}
