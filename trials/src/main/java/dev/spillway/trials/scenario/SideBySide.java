package dev.spillway.trials.scenario;

import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.controller.Seams;
import dev.spillway.trials.scenario.report.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;

/**
 * Runs scenarios as they are written on several clusters in this process at once, since most of a scenario is waiting. Each worker has a
 * cluster with a controller of its own, and a new one after a failure. Outcomes are told in the order of the scenarios, each as soon as those
 * before it are known.
 */
final class SideBySide {
    private static final int WORKERS_PER_CORE = 2; // more, and what a scenario calls soon is late on a busy machine
    private static final ThreadFactory THREADS =
            Thread.ofPlatform().daemon().name("scenario-", 0).factory();

    private final List<Scenario> scenarios;
    private final List<World> idle = new ArrayList<>(); // guarded by itself

    SideBySide(List<Scenario> scenarios) {
        this.scenarios = List.copyOf(scenarios);
    }

    /** Runs them all; {@code ended} is called by this thread. Interrupted, it ends those under way first. */
    void run(BiConsumer<Scenario, Outcome> ended) throws InterruptedException {
        int width = Math.clamp(
                scenarios.size(), 1, WORKERS_PER_CORE * Runtime.getRuntime().availableProcessors());
        try (var workers = Executors.newFixedThreadPool(width, THREADS)) {
            try {
                var outcomes = new ArrayList<Future<Outcome>>();
                scenarios.forEach(scenario -> outcomes.add(workers.submit(() -> run(scenario))));
                for (int i = 0; i < outcomes.size(); i++) {
                    ended.accept(scenarios.get(i), outcomes.get(i).get());
                }
            } catch (ExecutionException e) {
                throw new ClusterException("A scenario could not be run: " + e.getCause(), e);
            } finally {
                workers.shutdownNow();
            }
        } finally {
            idle.forEach(World::close);
        }
    }

    private Outcome run(Scenario scenario) throws InterruptedException {
        var world = world();
        boolean isAsNew = false;
        try {
            var outcome = world.run(scenario, Pace.asWritten());
            isAsNew = outcome instanceof Outcome.Passed;
            return outcome;
        } finally {
            if (isAsNew) {
                synchronized (idle) {
                    idle.add(world);
                }
            } else {
                world.close();
            }
        }
    }

    private World world() throws InterruptedException {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.removeLast();
            }
        }
        return World.start(Seams.NONE);
    }
}
