package dev.spillway.core.policy;

import dev.spillway.core.cluster.PodUid;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many pods each unit counts: those placed in it and those on their way into it. A slot is taken before anything is
 * asked for, so a cap holds however many pods are placed at once. Owned by the engine's thread.
 */
public final class UnitCounts {
    /** A unit of a policy; index from 1. */
    public record Slot(PolicyKey policy, int unit) {}

    private final Map<PodUid, Slot> slotOfPod = new HashMap<>();
    private final TreeMap<PolicyKey, TreeMap<Integer, Integer>> counts = new TreeMap<>();

    /** Counts the pod in this slot only; null: in none. Returns the slot that this freed, null where none. */
    public @Nullable Slot set(PodUid pod, @Nullable Slot slot) {
        var old = slot == null ? slotOfPod.remove(pod) : slotOfPod.put(pod, slot);
        if (old != null && old.equals(slot)) {
            return null;
        }
        if (old != null) {
            add(old, -1);
        }
        if (slot != null) {
            add(slot, 1);
        }
        return old;
    }

    /** Pods counted in a unit. */
    public int count(PolicyKey policy, int unit) {
        var units = counts.get(policy);
        return units == null ? 0 : units.getOrDefault(unit, 0);
    }

    private void add(Slot slot, int change) {
        counts.computeIfAbsent(slot.policy(), p -> new TreeMap<>()).merge(slot.unit(), change, Integer::sum);
    }
}
