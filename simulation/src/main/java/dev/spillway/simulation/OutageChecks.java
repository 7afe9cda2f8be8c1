package dev.spillway.simulation;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * S10 and S14: of a StatefulSet's pods no two of one name live at once, and nobody is moved out of a region that has answered within
 * its patience, or faster than one in two seconds.
 */
final class OutageChecks {
    private static final long GAP_MILLIS = 2_000;

    private final World world;
    private final Set<PodUid> onceAtATime = new TreeSet<>();
    private final Set<PodUid> moved = new TreeSet<>();
    private final Map<String, Long> lastByProcess = new HashMap<>(); // only looked up
    /** When a region last answered a process. */
    private final Map<String, Long> heardAt = new HashMap<>(); // only looked up

    OutageChecks(World world) {
        this.world = world;
    }

    /** A pod is there, or changed. */
    void podChanged(Pod pod) {
        if (pod.runsOnceAtATime()) {
            onceAtATime.add(pod.uid());
        }
    }

    /** Something reaches a process. */
    void told(ControllerProcess process, Event event) {
        if (event instanceof Event.InstancesListed(Effect.ListInstances list, ListAnswer answer)
                && !(answer instanceof ListAnswer.Unknown)) {
            heardAt.put(process.name() + " " + list.region(), world.timeline.millis());
        }
    }

    /** An instance was accepted; {@code hidden}: pods whose instances a list has concealed. */
    void accepted(InstanceView accepted, Set<PodUid> hidden) {
        if (!onceAtATime.contains(accepted.uid)) {
            return;
        }
        var name = accepted.last.tags().pod();
        for (var other : world.watchdog.instances()) {
            boolean isNamesakes = other.isLive()
                    && !other.uid.equals(accepted.uid)
                    && other.last.tags().pod().equals(name);
            if (isNamesakes && !world.fleet.hasOverlapped() && !hidden.contains(other.uid)) {
                throw new ViolationException(
                        "S10",
                        "Instance %s of pod %s was accepted while %s of an earlier one of its name lives."
                                .formatted(accepted.id(), name, other.id()),
                        accepted.uid.value(),
                        other.uid.value());
            }
        }
    }

    /** Whether the pod is to leave since its region is out. */
    static boolean isMove(ClusterWrite.GiveUp write) {
        return write.reason().equals("RegionUnreachable");
    }

    /** A process wants a pod to leave. */
    void wanted(ControllerProcess process, ClusterWrite.GiveUp move) {
        var pod = world.watchdog.pods().get(move.uid());
        if (!isMove(move) || pod == null || pod.node() == null) {
            return;
        }
        long now = world.timeline.millis();
        var region = new RegionId(pod.node().value().replaceAll("virtual-kubelet-(\\w+)-\\w+", "$1"));
        var heard = heardAt.get(process.name() + " " + region);
        if (heard != null && now - heard < Outages.PATIENCE.toMillis()) {
            throw broken(process, move, "though region %s answered %d ms ago".formatted(region, now - heard));
        }
        var last = moved.add(move.uid()) ? lastByProcess.put(process.name(), now) : null;
        if (last != null && now - last < GAP_MILLIS) {
            throw broken(process, move, "%d ms after another one".formatted(now - last));
        }
    }

    private static ViolationException broken(ControllerProcess process, ClusterWrite.GiveUp move, String what) {
        return new ViolationException(
                "S14",
                "%s moves pod %s %s.".formatted(process.name(), move.pod(), what),
                move.uid().value(),
                process.name());
    }
}
