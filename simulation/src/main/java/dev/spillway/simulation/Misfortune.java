package dev.spillway.simulation;

import dev.spillway.regions.simulated.Happening;
import dev.spillway.regions.simulated.Outage;
import java.time.Duration;

/** What befalls processes, regions and instances from time to time, until the faults stop. */
final class Misfortune {
    private final World world;
    private final Chaos chaos;
    private final boolean mayOverlap;

    Misfortune(World world, boolean mayOverlap) {
        this.world = world;
        this.chaos = world.chaos;
        this.mayOverlap = mayOverlap;
    }

    void start() {
        again(4_000, 25_000, this::befallProcess);
        again(5_000, 50_000, this::befallRegion);
        again(1_000, 15_000, this::befallInstance);
    }

    /** Only processes suffer. */
    void startWithProcesses() {
        again(4_000, 25_000, this::befallProcess);
    }

    /** Every few minutes nobody is there, some of the time for long; what befalls regions and instances is rare, so that much outlasts that. */
    void startWithAbsences() {
        absenceLater();
        again(40_000, 200_000, this::befallRegion);
        again(20_000, 120_000, this::befallInstance);
    }

    private void absenceLater() {
        world.timeline.after(chaos.delay(30_000, 150_000), () -> {
            if (chaos.isCalm()) {
                return;
            }
            long millis = chaos.delay(20_000, 480_000);
            switch (chaos.fate(3)) {
                case 0 -> world.fleet.leave(millis);
                case 1 -> world.fleet.suspend(millis);
                default -> world.fleet.loseLeases(millis);
            }
            world.timeline.after(millis, this::absenceLater);
        });
    }

    private void again(long least, long most, Runnable what) {
        world.timeline.after(chaos.delay(least, most), () -> {
            if (!chaos.isCalm()) {
                what.run();
                again(least, most, what);
            }
        });
    }

    private void befallProcess() {
        int fate = chaos.fate(10);
        if (mayOverlap && fate < 4) {
            world.fleet.overlap(chaos.delay(3_000, 60_000), chaos.fate(2) == 0);
        } else if (fate < 7) {
            world.fleet.crashOne();
        } else {
            world.fleet.pause(chaos.delay(500, 40_000));
        }
    }

    private void befallRegion() {
        var regions = world.cloud.ids();
        var outage = switch (chaos.fate(4)) {
            case 0 -> new Outage.Unavailable();
            case 1 -> new Outage.Unauthorised();
            case 2 -> new Outage.Throttled(Duration.ofSeconds(chaos.delay(1, 20)));
            default -> new Outage.Hang();
        };
        world.cloud.outage(regions.get(chaos.fate(regions.size())), outage, chaos.delay(2_000, 30_000));
    }

    private void befallInstance() {
        var live = world.watchdog.instances().stream()
                .filter(one -> one.isLive() && world.cloud.isAvailable(one.region))
                .toList();
        if (live.isEmpty()) {
            return;
        }
        var victim = live.get(chaos.fate(live.size()));
        switch (chaos.fate(3)) {
            case 0 -> {
                chaos.happened(Fault.INSTANCE_VANISHED);
                world.watchdog.vanished(victim);
                world.cloud.vanish(victim.region, victim.last.id());
            }
            case 1 -> {
                chaos.happened(Fault.INSTANCE_ENDED);
                world.cloud.happen(victim.region, victim.last.id(), Happening.RECLAIM);
            }
            default -> {
                chaos.happened(Fault.INSTANCE_ENDED);
                world.cloud.happen(victim.region, victim.last.id(), Happening.FAIL);
            }
        }
    }
}
