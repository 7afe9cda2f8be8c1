package dev.spillway.core.report;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.step.Step;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says on a pod that the instance of an earlier pod of its name still runs beside it: that one was deleted by force, and then nobody
 * waits for its end, the owner that made the next one least of all. What this process did not see it does not say (R26.3).
 */
public final class EarlierInstances {
    private final Step step;
    private final TreeMap<PodKey, Allocation> earlier = new TreeMap<>();
    private final TreeMap<PodKey, PodUid> told = new TreeMap<>();

    public EarlierInstances(Step step) {
        this.step = step;
    }

    /** A pod object is gone. {@code allocation}: what it leaves behind, null where nothing. */
    public void podGone(@Nullable Allocation allocation) {
        if (allocation == null || allocation.instanceId() == null) {
            return;
        }
        if (allocation.state() == AllocationState.BOUND || allocation.state() == AllocationState.ENDING) {
            earlier.put(allocation.pod(), allocation);
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

    /** An allocation's instance is confirmed gone. */
    public void ended(Allocation allocation) {
        if (earlier.remove(allocation.pod(), allocation)) {
            var uid = told.remove(allocation.pod());
            if (uid != null) {
                say(
                        allocation.pod(),
                        uid,
                        false,
                        "EarlierInstanceEnded",
                        "Instance %s in region %s, of the pod that had this name before and was deleted by force, ended at %s"
                                .formatted(allocation.instanceId(), allocation.region(), Reason.second(step.now())));
            }
        }
    }

    private void say(PodKey pod, PodUid uid, boolean warning, String reason, String text) {
        step.write(new ClusterWrite.Announce(pod, uid, new Announcement(warning, reason, text)));
    }
}
