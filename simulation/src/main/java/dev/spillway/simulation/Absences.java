package dev.spillway.simulation;

import java.util.List;

/** What users do where the Leases of nodes are not renewed for long now and then: they delete pods, some by force, and want more or fewer. */
final class Absences {
    private final World world;
    private final Chaos chaos;
    private final ControlPlane controlPlane;
    private final StatefulPods set;

    Absences(World world, ControlPlane controlPlane) {
        this.world = world;
        this.chaos = world.chaos;
        this.controlPlane = controlPlane;
        this.set = new StatefulPods(world, controlPlane);
    }

    /** Begins, and goes on until the faults stop; the StatefulSet is kept complete until {@link #goHome}. */
    void begin() {
        set.keepComplete();
        world.timeline.after(chaos.delay(10_000, 30_000), this::act);
    }

    /** Nobody needs the StatefulSet any more. */
    void goHome() {
        set.goHome();
    }

    private void act() {
        if (chaos.isCalm()) {
            return;
        }
        if (chaos.chance(50)) {
            chaos.pick(controlPlane.sets()).replicas = chaos.pick(1, 4);
        } else {
            var pods = List.copyOf(world.watchdog.pods().all());
            if (!pods.isEmpty()) {
                controlPlane.delete(chaos.pick(pods), chaos.chance(40));
            }
        }
        world.timeline.after(chaos.delay(10_000, 60_000), this::act);
    }
}
