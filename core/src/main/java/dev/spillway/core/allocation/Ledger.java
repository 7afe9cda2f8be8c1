package dev.spillway.core.allocation;

import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which instance: at most one allocation for each pod UID, and the leftovers that are being terminated without one.
 * Owned by the engine's thread.
 */
public final class Ledger {
    private static final int REMEMBERED_ENDS = 10_000;

    private final LinkedHashMap<PodUid, Allocation> allocations = new LinkedHashMap<>();
    private final TreeMap<String, InstanceKey> leftovers = new TreeMap<>();
    private final Map<PodUid, TreeMap<RegionId, Integer>> incarnations = new LinkedHashMap<>();
    private final Set<InstanceKey> ended = new HashSet<>();
    private final ArrayDeque<InstanceKey> endedInOrder = new ArrayDeque<>();

    /** The allocation of a pod, null where it has none. */
    public @Nullable Allocation allocation(PodUid uid) {
        return allocations.get(uid);
    }

    /** All allocations, oldest first; a view. */
    public Collection<Allocation> allocations() {
        return allocations.values();
    }

    /** The allocations at this moment, to be changed while they are visited. */
    public List<Allocation> allocationsNow() {
        return List.copyOf(allocations.values());
    }

    /** Enters an allocation; a second one for the same pod is a bug and throws. */
    public void open(Allocation allocation) {
        if (allocations.putIfAbsent(allocation.uid(), allocation) != null) {
            throw new IllegalStateException("Pod %s already has an allocation.".formatted(allocation.pod()));
        }
    }

    /** Takes out an allocation that is gone; one that is not is a bug and throws. */
    public void close(Allocation allocation) {
        if (!(allocation.state() instanceof AllocationState.Gone gone)) {
            throw new IllegalStateException("The allocation of pod %s is not gone yet.".formatted(allocation.pod()));
        }
        allocations.remove(allocation.uid(), allocation);
        var last = gone.instance();
        if (last != null) {
            rememberEnd(new InstanceKey(allocation.region(), last.id()));
        }
    }

    /** The incarnation that the pod's next instance in the region has. */
    public int incarnation(PodUid uid, RegionId region) {
        var byRegion = incarnations.get(uid);
        return byRegion == null ? 0 : byRegion.getOrDefault(region, 0);
    }

    /** An instance of this incarnation is confirmed terminated: the next one is higher. */
    public void spent(PodUid uid, RegionId region, int incarnation) {
        incarnations.computeIfAbsent(uid, u -> new TreeMap<>()).merge(region, incarnation + 1, Math::max);
    }

    /** An instance of this incarnation exists: the next one is not lower. */
    public void seen(PodUid uid, RegionId region, int incarnation) {
        if (incarnation > 0) { // 0 is what is taken where nothing is known, and what most pods have
            incarnations.computeIfAbsent(uid, u -> new TreeMap<>()).merge(region, incarnation, Math::max);
        }
    }

    /** Forgets a pod that is gone. */
    public void forget(PodUid uid) {
        incarnations.remove(uid);
    }

    /** Enters an instance that is to be terminated without an allocation; false where it is entered already. */
    public boolean addLeftover(InstanceKey place) {
        return leftovers.putIfAbsent(place.region() + "\n" + place.instance(), place) == null;
    }

    /** Whether it is entered as a leftover. */
    public boolean isLeftover(InstanceKey place) {
        return leftovers.containsKey(place.region() + "\n" + place.instance());
    }

    /** A leftover is confirmed terminated. */
    public void removeLeftover(InstanceKey place) {
        leftovers.remove(place.region() + "\n" + place.instance());
        rememberEnd(place);
    }

    /** Whether the instance was confirmed terminated not long ago, so that an older list still shows it. */
    public boolean hasEnded(InstanceKey place) {
        return ended.contains(place);
    }

    private void rememberEnd(InstanceKey place) {
        if (ended.add(place)) {
            endedInOrder.add(place);
            if (endedInOrder.size() > REMEMBERED_ENDS) {
                ended.remove(endedInOrder.remove());
            }
        }
    }
}
