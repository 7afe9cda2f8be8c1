package dev.spillway.core.report;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
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
    private final TreeMap<PodKey, Earlier> earlier = new TreeMap<>();
    private final TreeMap<PodKey, PodUid> told = new TreeMap<>();

    private record Earlier(PodUid uid, RegionId region, InstanceId instance) {}

    public EarlierInstances(Step step) {
        this.step = step;
    }

    /** A pod object is gone. {@code allocation}: what it leaves behind, null where nothing. */
    public void podGone(@Nullable Allocation allocation) {
        if (allocation == null) {
            return;
        }
        switch (allocation.state()) {
            case AllocationState.Bound bound -> remember(allocation, bound.instance());
            case AllocationState.Ending ending -> remember(allocation, ending.instance());
            case AllocationState.Open _, AllocationState.Held _, AllocationState.Binding _, AllocationState.Gone _ -> {}
        }
    }

    private void remember(Allocation allocation, Instance instance) {
        earlier.put(allocation.pod(), new Earlier(allocation.uid(), allocation.region(), instance.id()));
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
                            .formatted(before.instance(), before.region()));
        }
    }

    /** An allocation's instance is confirmed gone. */
    public void ended(Allocation allocation) {
        var before = earlier.get(allocation.pod());
        if (before != null && before.uid().equals(allocation.uid())) {
            earlier.remove(allocation.pod());
            var uid = told.remove(allocation.pod());
            if (uid != null) {
                say(
                        allocation.pod(),
                        uid,
                        false,
                        "EarlierInstanceEnded",
                        "Instance %s in region %s, of the pod that had this name before and was deleted by force, ended at %s"
                                .formatted(before.instance(), before.region(), Reason.second(step.now())));
            }
        }
    }

    private void say(PodKey pod, PodUid uid, boolean warning, String reason, String text) {
        step.write(new ClusterWrite.Announce(pod, uid, new Announcement(warning, reason, text)));
    }
}
