package dev.spillway.simulation;

import dev.spillway.core.model.Pod;
import java.util.List;
import java.util.Map;

/** A StatefulSet of three pods, which the policy of worlds with one policy selects. */
final class StatefulPods {
    private static final String SET = "db";
    private static final int ORDINALS = 3;
    private static final long EVERY_MILLIS = 1_000;

    private final World world;
    private final ControlPlane controlPlane;
    private boolean isOver;

    StatefulPods(World world, ControlPlane controlPlane) {
        this.world = world;
        this.controlPlane = controlPlane;
    }

    /** As its controller does, until {@link #goHome}: a pod that is gone is made anew under its name, one that is still there is not. */
    void keepComplete() {
        if (isOver) {
            return;
        }
        for (int i = 0; i < ORDINALS; i++) {
            var name = SET + "-" + i;
            if (pods().stream().noneMatch(pod -> pod.key().name().equals(name))) {
                var pod = Manifests.pod("default", name, Map.of("rolls", "out", "app", SET));
                Manifests.own(pod, "StatefulSet", SET);
                controlPlane.create(pod);
            }
        }
        world.timeline.after(EVERY_MILLIS, this::keepComplete);
    }

    /** Nobody needs it any more. */
    void goHome() {
        isOver = true;
    }

    List<Pod> pods() {
        return world.watchdog.pods().all().stream()
                .filter(pod -> pod.labels().has("app", SET))
                .toList();
    }
}
