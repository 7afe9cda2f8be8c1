package dev.spillway.core.report;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.ClusterApi.Announcement;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Step;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says on a pod that the instance of an earlier pod of its name still runs beside it: that one was deleted by force, and then nobody
 * waits for its end, the owner that made the next one least of all. What this process did not see it does not say.
 */
public final class EarlierInstances {
    private final Step step;
    private final TreeMap<PodKey, Allocation> earlier = new TreeMap<>();
    private final TreeMap<PodKey, PodUid> told = new TreeMap<>();

    public EarlierInstances(Step step) {
        this.step = step;
    }

    /** A pod object is gone. {@code claim}: what it leaves behind, null where nothing. */
    public void podGone(@Nullable Allocation claim) {
        if (claim == null || claim.instanceId() == null) {
            return;
        }
        if (claim.state() == AllocationState.BOUND || claim.state() == AllocationState.ENDING) {
            earlier.put(claim.pod(), claim);
        }
    }

    /** A pod has a place. */
    public void placed(PodKey pod, PodUid uid) {
        var before = earlier.get(pod);
        if (before != null && !before.uid().equals(uid) && !uid.equals(told.put(pod, uid))) {
            say(
                    pod,
                    uid,
                    true,
                    "EarlierInstanceRuns",
                    "Instance %s in region %s, of the pod that had this name before and was deleted by force, has not ended yet: both run side by side until it has"
                            .formatted(before.instanceId(), before.region()));
        }
    }

    /** A claim's instance is confirmed gone. */
    public void ended(Allocation claim) {
        if (earlier.remove(claim.pod(), claim)) {
            var uid = told.remove(claim.pod());
            if (uid != null) {
                say(
                        claim.pod(),
                        uid,
                        false,
                        "EarlierInstanceEnded",
                        "Instance %s in region %s, of the pod that had this name before and was deleted by force, ended at %s"
                                .formatted(claim.instanceId(), claim.region(), Reason.second(step.now())));
            }
        }
    }

    private void say(PodKey pod, PodUid uid, boolean warning, String reason, String text) {
        step.emit(new Effect.Announce(pod, uid, new Announcement(warning, reason, text)));
    }
}
