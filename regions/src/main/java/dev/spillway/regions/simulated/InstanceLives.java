package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Moves instances through their states, when their time comes or when told, and numbers every change. */
final class InstanceLives {
    private record Planned(
            Instant at, long number, RegionState region, SimulatedInstance instance, SimulatedInstance.Step step) {}

    /** How the containers of an instance end. */
    private record Ending(Instance.State state, int exitCode, String reason, String message) {
        static final Ending NO_STOCK =
                new Ending(Instance.State.FAILED, 0, "NoStock", "The region had no capacity after all.");
        static final Ending COMPLETED = new Ending(Instance.State.SUCCEEDED, 0, "Completed", "");
        static final Ending ERROR =
                new Ending(Instance.State.FAILED, 1, "Error", "The containers ended with an error.");
        static final Ending RECLAIMED =
                new Ending(Instance.State.FAILED, 137, Instance.RECLAIMED, "The region took the capacity back.");
    }

    // A program that is told to end and does not listen for it: 128 + SIGTERM.
    private static final int TERMINATED = 143;

    // How long before an eviction it is announced (E56).
    private static final Duration RECLAIM_NOTICE = Duration.ofMinutes(5);

    // The number breaks ties: what was planned first happens first.
    private static final Comparator<Planned> ORDER =
            Comparator.comparing(Planned::at).thenComparingLong(Planned::number);

    private final String idPrefix;
    private final PriorityQueue<Planned> planned = new PriorityQueue<>(ORDER);
    private long steps;
    private long observations;
    private long instances;
    private Duration ahead = Duration.ZERO;

    InstanceLives(String idPrefix) {
        this.idPrefix = idPrefix;
    }

    long lastObservation() {
        return observations;
    }

    void clockIsAheadBy(Duration changed) {
        ahead = changed;
    }

    Optional<Instant> nextChange() {
        while (!planned.isEmpty() && isVoid(planned.element())) {
            planned.remove();
        }
        return planned.isEmpty()
                ? Optional.empty()
                : Optional.of(planned.element().at());
    }

    void advance(Instant now) {
        for (Optional<Instant> next = nextChange();
                next.isPresent() && !next.get().isAfter(now);
                next = nextChange()) {
            carryOut(planned.remove());
        }
    }

    /** Begins a new instance of a line and plans its start. */
    SimulatedInstance begin(RegionState region, AcquireRequest request, StockLine line, Instant now) {
        long number = ++instances;
        InstanceId id = new InstanceId("%s-%08d".formatted(idPrefix, number));
        Instance first = new Instance(
                id,
                request.tags(),
                Instance.State.STARTING,
                ++observations,
                null,
                null,
                null,
                null,
                0,
                "",
                "",
                SimulatedContainers.waiting(request.containers()));
        Behaviour behaviour = region.behaviour();
        Duration run = line.run() != null ? line.run() : behaviour.run();
        SimulatedInstance instance = new SimulatedInstance(
                number,
                request,
                first,
                new SimulatedInstance.Terms(now, now.minus(ahead), line.microsUsdPerHour(), run));
        region.add(instance);
        boolean fails = region.drawPerMille(behaviour.faults().failAfterAcceptPerMille());
        plan(
                region,
                instance,
                fails ? SimulatedInstance.Step.FAIL_TO_START : SimulatedInstance.Step.START,
                now.plus(behaviour.delays().startup()));
        return instance;
    }

    /** Tells a present instance to end; the second time changes nothing. */
    void terminate(RegionState region, SimulatedInstance instance, Instant now) {
        if (instance.isSpent()) {
            return;
        }
        instance.terminatedAt = now;
        Duration delay = region.behaviour().delays().termination();
        if (!instance.state().isLive() || delay.isZero()) {
            vanish(region, instance, now);
            return;
        }
        Instance was = instance.current;
        move(region, instance, Instance.State.ENDING, was.finishedAt(), was.exitCode(), was.containers());
        plan(region, instance, SimulatedInstance.Step.VANISH, now.plus(delay));
    }

    Happening.Result happen(RegionState region, SimulatedInstance instance, Happening happening, Instant now) {
        if (instance.isSpent() || !instance.state().isLive()) {
            return Happening.Result.ALREADY_ENDED;
        }
        switch (happening) {
            case COMPLETE -> {
                if (instance.state() == Instance.State.STARTING) {
                    start(region, instance, now);
                }
                end(region, instance, Ending.COMPLETED, now);
            }
            case FAIL -> end(region, instance, Ending.ERROR, now);
            case RECLAIM -> end(region, instance, Ending.RECLAIMED, now);
            case RECLAIM_SOON -> announceReclaim(region, instance, now);
        }
        return Happening.Result.DONE;
    }

    /** The second announcement changes nothing. */
    private void announceReclaim(RegionState region, SimulatedInstance instance, Instant now) {
        if (instance.reclaimedAt != null) {
            return;
        }
        Instant at = now.plus(RECLAIM_NOTICE);
        instance.reclaimedAt = at;
        Instance was = instance.current;
        instance.current = new Instance(
                was.id(),
                was.tags(),
                was.state(),
                ++observations,
                was.ip(),
                was.hostIp(),
                was.startedAt(),
                was.finishedAt(),
                was.exitCode(),
                Instance.TO_BE_RELEASED,
                "The region takes the capacity back at %s."
                        .formatted(wall(instance, at).truncatedTo(ChronoUnit.SECONDS)),
                was.containers());
        region.changes.add(instance.current);
        if (was.state() == Instance.State.RUNNING) {
            planEnd(region, instance);
        }
    }

    /** Plans what ends a running instance first, if anything does. */
    private void planEnd(RegionState region, SimulatedInstance instance) {
        Instant completes = instance.completesAt;
        Instant reclaimed = instance.reclaimedAt;
        if (completes != null && (reclaimed == null || !reclaimed.isBefore(completes))) {
            plan(region, instance, SimulatedInstance.Step.COMPLETE, completes);
        } else if (reclaimed != null) {
            plan(region, instance, SimulatedInstance.Step.RECLAIM, reclaimed);
        }
    }

    private static boolean isVoid(Planned step) {
        return step.instance().plannedStep != step.number();
    }

    private void plan(RegionState region, SimulatedInstance instance, SimulatedInstance.Step step, Instant at) {
        instance.plannedStep = ++steps;
        planned.add(new Planned(at, instance.plannedStep, region, instance, step));
    }

    private void carryOut(Planned due) {
        RegionState region = due.region();
        SimulatedInstance instance = due.instance();
        switch (due.step()) {
            case START -> start(region, instance, due.at());
            case FAIL_TO_START -> end(region, instance, Ending.NO_STOCK, due.at());
            case COMPLETE -> end(region, instance, Ending.COMPLETED, due.at());
            case RECLAIM -> end(region, instance, Ending.RECLAIMED, due.at());
            case VANISH -> vanish(region, instance, due.at());
        }
    }

    private void start(RegionState region, SimulatedInstance instance, Instant at) {
        Instance was = instance.current;
        Instant started = wall(instance, at);
        instance.current = new Instance(
                was.id(),
                was.tags(),
                Instance.State.RUNNING,
                ++observations,
                address(10, 0, instance.number),
                address(100, 64, instance.number),
                started,
                null,
                0,
                was.reason(),
                was.message(),
                SimulatedContainers.started(instance.request.containers(), started));
        region.changes.add(instance.current);
        Duration run = instance.terms.run();
        if (run != null && instance.request.restartPolicy() != PodSpec.RestartPolicy.ALWAYS) {
            instance.completesAt = at.plus(run);
        }
        planEnd(region, instance);
    }

    private void end(RegionState region, SimulatedInstance instance, Ending ending, Instant at) {
        Instance was = instance.current;
        Instant finished = wall(instance, at);
        instance.current = new Instance(
                was.id(),
                was.tags(),
                ending.state(),
                ++observations,
                was.ip(),
                was.hostIp(),
                was.startedAt(),
                was.startedAt() == null ? null : finished,
                ending.exitCode(),
                ending.reason(),
                ending.message(),
                SimulatedContainers.ended(was, finished, ending.exitCode(), ending.reason()));
        region.changes.add(instance.current);
        release(region, instance, at);
    }

    private void vanish(RegionState region, SimulatedInstance instance, Instant at) {
        boolean wasLive = instance.state().isLive();
        Instance was = instance.current;
        if (was.startedAt() == null || was.finishedAt() != null) {
            move(region, instance, Instance.State.GONE, was.finishedAt(), was.exitCode(), was.containers());
        } else {
            Instant finished = wall(instance, at);
            var containers = SimulatedContainers.ended(was, finished, TERMINATED, "Error");
            move(region, instance, Instance.State.GONE, finished, TERMINATED, containers);
        }
        if (wasLive) {
            release(region, instance, at);
        }
        region.presentById.remove(instance.id());
    }

    private void move(
            RegionState region,
            SimulatedInstance instance,
            Instance.State state,
            @Nullable Instant finishedAt,
            int exitCode,
            List<ContainerReport> containers) {
        Instance was = instance.current;
        instance.current = new Instance(
                was.id(),
                was.tags(),
                state,
                ++observations,
                was.ip(),
                was.hostIp(),
                was.startedAt(),
                finishedAt,
                exitCode,
                was.reason(),
                was.message(),
                containers);
        region.changes.add(instance.current);
    }

    private static void release(RegionState region, SimulatedInstance instance, Instant at) {
        instance.releasedAt = at;
        instance.plannedStep = 0;
        region.hold(instance, -1);
    }

    // A clock that jumped ahead since must not date the containers before what happened to them earlier.
    private Instant wall(SimulatedInstance instance, Instant at) {
        Instant started = instance.current.startedAt();
        Instant floor = started == null ? instance.terms.acceptedWall() : started;
        Instant wall = at.minus(ahead);
        return wall.isBefore(floor) ? floor : wall;
    }

    // Last octet 1 to 254; every instance of one server has its own until 65,536 * 254 of them.
    private static String address(int first, int secondFrom, long number) {
        long net = number / 254;
        return "%d.%d.%d.%d"
                .formatted(first, secondFrom + (net >> 8) % (secondFrom == 0 ? 256 : 64), net & 255, 1 + number % 254);
    }
}
