package dev.spillway.simulation;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks S15: which pods are given up, as they really are and not as the engine believes. */
final class GivenUp {
    private static final String GIVES_WAY = "GivesWay";

    private final World world;
    private final TreeMap<String, Turn> turns = new TreeMap<>(); // by UID of the owner
    private int count;

    /** A pod was given up, and none of its owner that came after it has been Ready yet. */
    private record Turn(PodUid pod, Set<PodUid> before) {}

    GivenUp(World world) {
        this.world = world;
    }

    /** How many pods were given up. */
    int count() {
        return count;
    }

    /** A process wants something written. */
    void wanted(ControllerProcess process, ClusterWrite write) {
        var pod =
                write instanceof ClusterWrite.GiveUp it ? world.watchdog.pods().get(it.uid()) : null;
        if (pod == null
                || pod.deleting()
                || (write instanceof ClusterWrite.GiveUp move && OutageChecks.isMove(move)) // judged there
                || !(write instanceof ClusterWrite.GiveUp(var _, var _, String reason, var _))) {
            return;
        }
        count++;
        var owner = pod.owner();
        if (owner == null || !owner.makesAnother()) {
            throw broken(process, pod, "which nobody would make anew");
        }
        if (!reason.equals(GIVES_WAY)) {
            checkAnnounced(process, pod);
            return;
        }
        if (pod.ready()) {
            throw broken(process, pod, "which is Ready");
        }
        var last = turns.get(owner.uid());
        if (last != null && isStillOut(last, pod)) {
            throw broken(
                    process,
                    pod,
                    "though nothing came after pod %s of %s yet that is Ready".formatted(last.pod, owner));
        }
        turns.put(owner.uid(), new Turn(pod.uid(), present(owner.uid())));
    }

    private boolean isStillOut(Turn last, Pod next) {
        var earlier = world.watchdog.pods().get(last.pod);
        boolean neverLeft = earlier != null && !earlier.deleting(); // whoever gave it up died before it said so
        return !neverLeft && last.before.contains(next.uid());
    }

    private void checkAnnounced(ControllerProcess process, Pod pod) {
        @Nullable
        InstanceView instance = world.watchdog.instance(pod.annotations().getOr(Names.INSTANCE_ID, ""));
        if (instance == null || !instance.last.reason().equals(Instance.TO_BE_RELEASED)) {
            throw broken(process, pod, "whose instance nobody takes back");
        }
    }

    private Set<PodUid> present(String owner) {
        return world.watchdog.pods().all().stream()
                .filter(pod -> isOf(pod, owner))
                .map(Pod::uid)
                .collect(Collectors.toSet());
    }

    private static boolean isOf(Pod pod, String ownerUid) {
        var owner = pod.owner();
        return owner != null && owner.uid().equals(ownerUid);
    }

    /** A pod is new or changed. */
    void podChanged(Pod pod) {
        var owner = pod.owner();
        var turn = owner == null ? null : turns.get(owner.uid());
        if (owner != null && turn != null && pod.ready() && !pod.deleting() && !turn.before.contains(pod.uid())) {
            turns.remove(owner.uid());
        }
    }

    private static ViolationException broken(ControllerProcess process, Pod pod, String why) {
        return new ViolationException(
                "S15",
                "%s gives up pod %s, %s.".formatted(process.name(), pod.key(), why),
                pod.uid().value(),
                process.name());
    }
}
