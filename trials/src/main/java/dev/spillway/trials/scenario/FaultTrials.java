package dev.spillway.trials.scenario;

import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.controller.Seams;
import dev.spillway.trials.scenario.fault.Fault;
import dev.spillway.trials.scenario.report.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tries scenarios under planted faults, side by side on clusters in this process: each worker has one with a controller of its own,
 * and a new one after each failure, so that nothing of a failure reaches the next trial. First every scenario is run without any
 * fault, which shows that it holds and how long its steps take; then its limits follow that. Used by one thread.
 */
final class FaultTrials implements AutoCloseable {
    private static final int WORKERS_PER_CORE = 4; // scenarios mostly wait
    private static final int PORTION =
            20; // trials that share a cluster at most, so that no worker is left alone with a long one
    private static final int TRIES = 3; // of a trial that breaks off

    private final Map<Scenario, Pace> paces = new ConcurrentHashMap<>();
    private final ExecutorService workers;
    private final int width;

    /**
     * One scenario under one fault.
     *
     * @param fault null = none
     */
    record Trial(Scenario scenario, @Nullable Fault fault) {}

    FaultTrials() {
        this.width = WORKERS_PER_CORE * Runtime.getRuntime().availableProcessors();
        this.workers = Executors.newFixedThreadPool(
                width, Thread.ofPlatform().daemon().name("trial-", 0).factory());
    }

    /** Runs each without a fault, as it is written. Those that hold can be tried afterwards. */
    void measure(List<Scenario> scenarios, BiConsumer<Scenario, Outcome> ended) throws InterruptedException {
        var trials =
                scenarios.stream().map(scenario -> new Trial(scenario, null)).toList();
        runAll(
                portions(trials, width),
                portion -> portion.forEach(one -> ended.accept(one.trial().scenario(), one.outcome())));
    }

    /** Whether a scenario held without a fault. */
    boolean isMeasured(Scenario scenario) {
        return paces.containsKey(scenario);
    }

    /**
     * Tries each scenario that was measured, hurried. Trials of one fault stand together.
     *
     * @param ended called by the calling thread; after all of one fault {@code faultEnded} is
     */
    void run(List<Trial> trials, BiConsumer<Trial, Outcome> ended, Consumer<@Nullable Fault> faultEnded)
            throws InterruptedException {
        var portions = new ArrayList<List<Trial>>();
        var left = new HashMap<@Nullable Fault, Integer>();
        for (Trial trial : trials) {
            if (portions.isEmpty()
                    || portions.getLast().size() == PORTION
                    || !Objects.equals(portions.getLast().getFirst().fault(), trial.fault())) {
                portions.add(new ArrayList<>());
            }
            portions.getLast().add(trial);
            left.merge(trial.fault(), 1, Integer::sum);
        }
        runAll(portions, portion -> {
            portion.forEach(one -> ended.accept(one.trial(), one.outcome()));
            var fault = portion.getFirst().trial().fault();
            if (left.merge(fault, -portion.size(), Integer::sum) == 0) {
                faultEnded.accept(fault);
            }
        });
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    private record Ended(Trial trial, Outcome outcome) {}

    private void runAll(List<List<Trial>> portions, Consumer<List<Ended>> ended) throws InterruptedException {
        var running = new ExecutorCompletionService<List<Ended>>(workers);
        for (List<Trial> portion : portions) {
            Callable<List<Ended>> job = () -> inTurn(portion);
            running.submit(job);
        }
        for (int i = 0; i < portions.size(); i++) {
            try {
                ended.accept(running.take().get());
            } catch (ExecutionException e) {
                throw new ClusterException("A trial could not be made: " + e.getCause(), e);
            }
        }
    }

    /** All of one fault, or all of none, on one cluster for as long as they hold. */
    private List<Ended> inTurn(List<Trial> trials) throws InterruptedException {
        var ended = new ArrayList<Ended>();
        World world = null;
        try {
            for (Trial trial : trials) {
                Outcome outcome;
                int tries = 0;
                do {
                    world = world == null ? World.start(seams(trial)) : world;
                    outcome = tried(world, trial);
                    if (outcome instanceof Outcome.Failed) {
                        world.close();
                        world = null;
                    }
                } while (++tries < TRIES && brokeOff(outcome));
                ended.add(new Ended(trial, outcome));
            }
        } finally {
            if (world != null) {
                world.close();
            }
        }
        return ended;
    }

    private Outcome tried(World world, Trial trial) throws InterruptedException {
        var measured = paces.get(trial.scenario());
        var pace = measured == null ? Pace.asWritten() : measured.hurried();
        var outcome = world.run(trial.scenario(), pace);
        if (measured == null && outcome instanceof Outcome.Passed) {
            paces.put(trial.scenario(), pace);
        }
        return outcome;
    }

    private static Seams seams(Trial trial) {
        var fault = trial.fault();
        return fault == null ? Seams.NONE : fault.plant().get();
    }

    private static boolean brokeOff(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed && failed.kind() == Outcome.Failed.Kind.BROKE_OFF;
    }

    private static <T> List<List<T>> portions(List<T> all, int count) {
        var portions = new ArrayList<List<T>>();
        for (int i = 0; i < Math.min(count, all.size()); i++) {
            portions.add(new ArrayList<>());
        }
        for (int i = 0; i < all.size(); i++) {
            portions.get(i % portions.size()).add(all.get(i));
        }
        return portions;
    }
}
