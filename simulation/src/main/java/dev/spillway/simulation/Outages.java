package dev.spillway.simulation;

import dev.spillway.regions.simulated.Outage;
import java.time.Duration;

/** What befalls regions in worlds of long outages, and a StatefulSet whose pods are deleted in good order and by force. */
final class Outages {
    /** The patience of every region here. */
    static final Duration PATIENCE = Duration.ofSeconds(45);

    private final World world;
    private final Chaos chaos;
    private final ControlPlane controlPlane;
    private final StatefulPods set;

    Outages(World world, ControlPlane controlPlane) {
        this.world = world;
        this.chaos = world.chaos;
        this.controlPlane = controlPlane;
        this.set = new StatefulPods(world, controlPlane);
    }

    /** Begins, and goes on until the faults stop; the StatefulSet is kept complete until {@link #goHome}. */
    void act() {
        set.keepComplete();
        world.timeline.after(chaos.delay(15_000, 30_000), this::befall);
        world.timeline.after(chaos.delay(10_000, 20_000), this::deleteOne);
        world.timeline.after(chaos.delay(60_000, 200_000), this::befallProcess);
    }

    /** Nobody needs the StatefulSet any more. */
    void goHome() {
        set.goHome();
    }

    private void befall() {
        if (chaos.isCalm()) {
            return;
        }
        var regions = world.cloud.ids();
        var outage = chaos.fate(2) == 0 ? new Outage.Unavailable() : new Outage.Hang();
        world.cloud.outage(regions.get(chaos.fate(regions.size())), outage, chaos.delay(20_000, 200_000));
        world.timeline.after(chaos.delay(20_000, 120_000), this::befall);
    }

    /** Seldom, since patience begins anew with each process. */
    private void befallProcess() {
        if (chaos.isCalm()) {
            return;
        }
        if (chaos.fate(2) == 0) {
            world.fleet.crashOne();
        } else {
            world.fleet.pause(chaos.delay(500, 100_000));
        }
        world.timeline.after(chaos.delay(60_000, 200_000), this::befallProcess);
    }

    private void deleteOne() {
        if (chaos.isCalm()) {
            return;
        }
        var pods = set.pods();
        if (!pods.isEmpty()) {
            controlPlane.delete(chaos.pick(pods), chaos.chance(70));
        }
        world.timeline.after(chaos.delay(5_000, 40_000), this::deleteOne);
    }
}
