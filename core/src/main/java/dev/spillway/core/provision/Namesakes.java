package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What may still run of pods whose objects are gone, by their names: a StatefulSet's pod is not started beside an earlier one of its name
 * (S10, R26.4). What is entered leaves on positive evidence only: the region's word that the instance is gone, or an operator's that the
 * region is. Owned by the engine's thread.
 */
public final class Namesakes {
    private final Step step;
    private final TreeMap<PodKey, Map<PodUid, Left>> byName = new TreeMap<>();

    /** Instances that no allocation covers, in the order in which they were met. */
    private final Map<InstanceKey, Seen> seen = new LinkedHashMap<>();

    /** What a pod has left behind: an allocation, or instances that are known from lists alone. */
    private static final class Left {
        private final RegionId region;
        private @Nullable InstanceId instance;
        private boolean isAllocated;
        private int others;

        Left(RegionId region) {
            this.region = region;
        }
    }

    private record Seen(PodKey pod, PodUid uid) {}

    /** Nothing is left behind by anybody. */
    public Namesakes(Step step) {
        this.step = step;
    }

    /** A pod's object is gone. {@code allocation}: what it leaves behind, null where nothing. */
    public void left(@Nullable Allocation allocation) {
        if (allocation != null) {
            var left = left(allocation.pod(), allocation.uid(), allocation.region());
            left.isAllocated = true;
            var instance = allocation.state().instance();
            left.instance = instance == null ? left.instance : instance.id();
        }
    }

    /** An allocation is gone, and so is the instance that it had. */
    public void over(Allocation allocation) {
        var left = leftBy(allocation.pod(), allocation.uid());
        if (left != null) {
            left.isAllocated = false;
            forgetWhereNothing(allocation.pod(), allocation.uid(), left);
        }
        var instance = allocation.state().instance();
        if (instance != null) {
            over(new InstanceKey(allocation.region(), instance.id()));
        }
    }

    /** An instance exists that no allocation covers: nobody knows its pod, or it is superfluous and being ended. */
    public void seen(Instance instance) {
        var tags = instance.tags();
        var key = new InstanceKey(tags.offer().region(), instance.id());
        if (!instance.state().isLive()) {
            over(key);
        } else if (seen.putIfAbsent(key, new Seen(tags.pod(), tags.podUid())) == null) {
            var left = left(tags.pod(), tags.podUid(), key.region());
            left.others++;
            left.instance = instance.id();
        }
    }

    /** The instance is gone. */
    public void over(InstanceKey instance) {
        var gone = seen.remove(instance);
        var left = gone == null ? null : leftBy(gone.pod, gone.uid);
        if (gone != null && left != null) {
            left.others--;
            forgetWhereNothing(gone.pod, gone.uid, left);
        }
    }

    /** A region reports an instance that no allocation covers. */
    public void reported(Instance instance) {
        if (!instance.state().isLive()) {
            over(new InstanceKey(instance.tags().offer().region(), instance.id()));
        }
    }

    /**
     * The region's list shows these only: where somebody waits for the end of one that is not among them, it is looked up by its id, since
     * a list may be short without meaning it.
     */
    public void listed(RegionId region, Set<String> ids) {
        seen.forEach((key, it) -> {
            if (key.region().equals(region)
                    && !ids.contains(key.instance().value())
                    && step.queues().isWaitedFor(new Gate.NameGate(it.pod))) {
                step.emit(new Effect.Describe(region, key.instance(), it.uid));
            }
        });
    }

    /** An instance was looked up by its id. */
    public void described(Effect.Describe effect, FindAnswer answer) {
        boolean isGone = switch (answer) {
            case FindAnswer.Found(Instance instance) -> !instance.state().isLive();
            case FindAnswer.NotFound() -> true;
            case FindAnswer.Unknown unknown -> false;
        };
        if (isGone) {
            over(new InstanceKey(effect.region(), effect.instance()));
        }
    }

    /** An operator declared the region lost: what it may still run counts no more. */
    public void writtenOff(RegionId region) {
        seen.keySet().stream()
                .filter(key -> key.region().equals(region))
                .toList()
                .forEach(this::over);
    }

    /** What may still run of an earlier pod of this name and keeps the pod from starting; null where nothing does. */
    public PodReason.@Nullable EarlierInstance before(Pod pod) {
        var all = pod.runsOnceAtATime() ? byName.get(pod.key()) : null;
        if (all == null) {
            return null;
        }
        for (var entry : all.entrySet()) {
            if (!entry.getKey().equals(pod.uid())) {
                var left = entry.getValue();
                return new PodReason.EarlierInstance(left.region, left.instance);
            }
        }
        return null;
    }

    private Left left(PodKey pod, PodUid uid, RegionId region) {
        return byName.computeIfAbsent(pod, p -> new TreeMap<>()).computeIfAbsent(uid, u -> new Left(region));
    }

    private @Nullable Left leftBy(PodKey pod, PodUid uid) {
        var all = byName.get(pod);
        return all == null ? null : all.get(uid);
    }

    private void forgetWhereNothing(PodKey pod, PodUid uid, Left left) {
        var all = byName.get(pod);
        if (all != null && !left.isAllocated && left.others <= 0) {
            all.remove(uid);
            if (all.isEmpty()) {
                byName.remove(pod);
            }
            step.agenda().opened(new Gate.NameGate(pod));
        }
    }
}
