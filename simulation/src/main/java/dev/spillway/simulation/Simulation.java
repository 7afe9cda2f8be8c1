package dev.spillway.simulation;

import java.util.List;

/**
 * Runs one world from one seed: users at work and misfortunes for two minutes or so, then rest, in which what must hold without
 * faults is checked. Every promise is checked after every step. The same seed and options give the same run.
 */
public final class Simulation {
    private static final long SECOND = 1_000;

    /** Time after the last fault in which every pod runs or says why not (L1). */
    private static final long REST = 60 * SECOND;

    /** The longest time for which an offer is not asked, with its spread, and a start; half of what L4 allows. */
    private static final long RECOVERY = 216 * SECOND + 64 * SECOND;

    /** The longest time that a leftover may stay (S4), after the grace of the pods. */
    private static final long FAREWELL = 150 * SECOND;

    private final long seed;
    private final SimulationOptions options;
    private final World world;
    private final Workload workload;
    private final Liveness liveness;
    private final ControlPlane controlPlane;
    private long steps;

    private Simulation(long seed, SimulationOptions options, Observer observer) {
        this.seed = seed;
        this.options = options;
        this.world = new World(seed, options, observer);
        this.controlPlane = new ControlPlane(world);
        this.workload = new Workload(world, controlPlane);
        this.liveness = new Liveness(world, workload);
    }

    /** Runs a seed to its end, or to the first broken promise. */
    public static Outcome run(long seed, SimulationOptions options) {
        return run(seed, options, Observer.NONE);
    }

    /** The same, while somebody sees the engines at work. */
    public static Outcome run(long seed, SimulationOptions options, Observer observer) {
        return new Simulation(seed, options, observer).run();
    }

    private Outcome run() {
        try {
            live();
            return outcome(null, List.of());
        } catch (ViolationException e) {
            var violation = e.at(world.timeline.millis());
            return outcome(violation, world.journal.last(violation.subjects()));
        }
    }

    private void live() {
        switch (options.story()) {
            case SimulationOptions.Story.Everything() -> liveThroughEverything();
            case SimulationOptions.Story.Rollout rollout -> rollOut(rollout);
            case SimulationOptions.Story.Contention() -> compete();
            case SimulationOptions.Story.SpillOver(int replicas) -> spillOver(replicas);
            case SimulationOptions.Story.Outages() -> outages();
            case SimulationOptions.Story.GivingWay() -> giveWay();
            case SimulationOptions.Story.Absences() -> beAway();
        }
    }

    private void liveThroughEverything() {
        workload.declare();
        controlPlane.start();
        world.fleet.start();
        workload.act();
        new Misfortune(world, world.chaos.fate(2) == 0).start();
        pass(world.chaos.delay(50 * SECOND, 120 * SECOND));

        world.chaos.calmDown();
        world.fleet.calmDown();
        world.cloud.endOutages();
        pass(REST);
        liveness.everyPodRunsOrSaysWhy();

        workload.makeRoom();
        pass(RECOVERY);
        liveness.everybodyRuns();

        controlPlane.goHome();
        pass(FAREWELL);
        liveness.nothingIsLeft();
    }

    /** The pods of one generation are replaced by the next, a quarter at a time, while processes crash, pause or overlap. */
    private void rollOut(SimulationOptions.Story.Rollout rollout) {
        var rolling = workload.declareRollout(rollout.replicas());
        controlPlane.start();
        world.fleet.start();
        new Misfortune(world, rollout.overlapping()).startWithProcesses();
        pass(world.chaos.delay(30 * SECOND, 50 * SECOND));
        for (int quarter = 1; quarter <= 4; quarter++) {
            rolling.next(quarter);
            pass(world.chaos.delay(10 * SECOND, 20 * SECOND));
        }

        world.chaos.calmDown();
        world.fleet.calmDown();
        world.cloud.endOutages();
        pass(REST + RECOVERY);
        liveness.everybodyRuns();
        rolling.unitsAreFull(world.watchdog.pods().all());

        controlPlane.goHome();
        pass(FAREWELL);
        liveness.nothingIsLeft();
    }

    /** The pods of one application find the first regions sold out on the way, while processes crash or pause. */
    private void spillOver(int replicas) {
        workload.declareSpillOver(replicas);
        controlPlane.start();
        world.fleet.start();
        new Misfortune(world, false).startWithProcesses();
        pass(world.chaos.delay(30 * SECOND, 50 * SECOND));

        world.chaos.calmDown();
        world.fleet.calmDown();
        world.cloud.endOutages();
        pass(REST);
        liveness.everybodyRuns();

        controlPlane.goHome();
        pass(FAREWELL);
        liveness.nothingIsLeft();
    }

    /** Regions are out for long, and who runs there stays, asks or is moved; a StatefulSet's pods are deleted by force meanwhile. */
    private void outages() {
        var outages = new Outages(world, controlPlane);
        workload.declareOutages();
        controlPlane.start();
        world.fleet.start();
        outages.act();
        pass(world.chaos.delay(300 * SECOND, 600 * SECOND));

        world.chaos.calmDown();
        world.fleet.calmDown();
        world.cloud.endOutages();
        pass(REST + RECOVERY);
        liveness.everybodyRuns();

        outages.goHome();
        controlPlane.goHome();
        pass(FAREWELL);
        liveness.nothingIsLeft();
    }

    /** Pods are bound to what is not there after all, or is taken back; in the end there is room for everybody, and nothing fails any more. */
    private void giveWay() {
        var story = new GivingWay(world, controlPlane);
        story.declare();
        controlPlane.start();
        world.fleet.start();
        world.timeline.after(0, story::act);
        new Misfortune(world, false).startWithProcesses();
        pass(world.chaos.delay(180 * SECOND, 400 * SECOND));

        world.chaos.calmDown();
        world.fleet.calmDown();
        story.makeRoom();
        pass(REST + RECOVERY + GivingWay.NOTICE_MILLIS + story.startMillis());
        liveness.everybodyRuns();

        controlPlane.goHome();
        pass(FAREWELL);
        liveness.nothingIsLeft();
    }

    /** Nobody renews the Leases of nodes for long, again and again; then everything is again as if somebody had always been there. */
    private void beAway() {
        var absences = new Absences(world, controlPlane);
        workload.declareAbsences();
        controlPlane.start();
        world.fleet.start();
        absences.begin();
        new Misfortune(world, false).startWithAbsences();
        pass(world.chaos.delay(600 * SECOND, 1_200 * SECOND));

        world.chaos.calmDown();
        world.fleet.calmDown();
        world.cloud.endOutages();
        pass(REST + RECOVERY);
        liveness.everyNodeIsWell();
        liveness.everybodyRuns();

        absences.goHome();
        controlPlane.goHome();
        pass(FAREWELL);
        liveness.nothingIsLeft();
    }

    /** Many want little: first while things go wrong, then in calm, in which whoever has a right to something gets it. */
    private void compete() {
        var contention = new Contention(world, controlPlane);
        controlPlane.start();
        world.realNodes.start();
        contention.declare();
        world.watchdog.check(); // what is there already, before history may be forgotten
        world.fleet.start();
        pass(2 * SECOND); // pods are younger than their policies, so it is known in which regions they can be
        world.timeline.after(0, contention::act);
        new Misfortune(world, false).startWithProcesses();
        pass(world.chaos.delay(30 * SECOND, 90 * SECOND));

        world.chaos.calmDown();
        world.fleet.calmDown();
        world.cloud.endOutages();
        pass(REST);
        world.fairness.judge();
        for (int i = 0; i < 12; i++) {
            contention.compete();
            pass(world.chaos.delay(2 * SECOND, 90 * SECOND));
        }
        contention.makeRoom();
        pass(RECOVERY);
        liveness.everybodyRuns();

        controlPlane.goHome();
        pass(FAREWELL + 200 * SECOND);
        liveness.nothingIsLeft();
    }

    private void pass(long millis) {
        long until = world.timeline.millis() + millis;
        while (world.timeline.step(until)) {
            world.watchdog.check();
            steps++;
        }
    }

    private Outcome outcome(@org.jspecify.annotations.Nullable Violation violation, List<String> lastEvents) {
        return new Outcome(
                seed,
                options,
                world.journal.hash(),
                world.effects.value(),
                steps,
                world.timeline.millis(),
                world.watchdog.instances().size(),
                world.givenUp.count(),
                world.watchdog.leftovers().longestMillis(),
                world.chaos.counts(),
                violation,
                lastEvents);
    }
}
