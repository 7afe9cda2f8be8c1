package dev.spillway.core.policy;

import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.UnitKey;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is in each unit: pods placed in it and those on their way into it. A slot is taken before anything is asked for, so a
 * cap holds however many pods are placed at once. Owned by the engine's thread.
 */
public final class UnitCounts {
    private static final Tally NOBODY = new Tally();

    private final Map<PodUid, Member> members = new HashMap<>();
    private final Map<PodUid, TreeMap<UnitKey, Member>> reserved =
            new HashMap<>(); // few, and none while one process leads
    private final TreeMap<PolicyKey, TreeMap<Integer, Tally>> tallies = new TreeMap<>();

    /**
     * A pod in a unit.
     *
     * @param group the values of the policy's matchLabelKeys on the pod; empty where there are none
     * @param counts whether it counts towards the caps; a terminating pod may not, and yet is there
     */
    public record Member(UnitKey unit, String group, ResourceList requests, boolean counts, boolean terminating) {
        private boolean isAlike(Member other) {
            return unit.equals(other.unit)
                    && group.equals(other.group)
                    && counts == other.counts
                    && terminating == other.terminating;
        }
    }

    private static final class Tally {
        private final TreeMap<String, Integer> byGroup = new TreeMap<>();
        private ResourceList used = ResourceList.EMPTY;
        private int counted;
        private int terminating;

        private boolean isEmpty() {
            return counted == 0 && terminating == 0;
        }

        private void add(Member member) {
            terminating += member.terminating() ? 1 : 0;
            if (member.counts()) {
                counted++;
                byGroup.merge(member.group(), 1, Integer::sum);
                used = used.plus(member.requests());
            }
        }

        private void remove(Member member) {
            terminating -= member.terminating() ? 1 : 0;
            if (member.counts()) {
                counted--;
                byGroup.merge(member.group(), -1, (a, b) -> a + b == 0 ? null : a + b);
                used = used.minus(member.requests());
            }
        }
    }

    /** The pod is in this unit only; null: in none. Returns the slot in which room may have come free, null where none. */
    public @Nullable UnitKey set(PodUid pod, @Nullable Member member) {
        var old = member == null ? members.remove(pod) : members.put(pod, member);
        if (old != null && old.equals(member)) {
            return null;
        }
        if (member != null && !isReserved(pod, member)) {
            tally(member.unit()).add(member);
        }
        if (old == null || isReserved(pod, old)) {
            return null;
        }
        remove(old);
        return member != null && member.isAlike(old) ? null : old.unit();
    }

    /** How the pod counts, null where it counts nowhere. */
    public @Nullable Member member(PodUid pod) {
        return members.get(pod);
    }

    /**
     * A slot is reserved for the pod by another process: it counts until {@link #unreserve}, once, whether or not the pod takes it, and also
     * while the pod counts in another unit.
     */
    public void reserve(PodUid pod, Member member) {
        var slot = member.unit();
        if (reserved.computeIfAbsent(pod, p -> new TreeMap<>()).putIfAbsent(slot, member) != null) {
            return;
        }
        tally(slot).add(member);
        var own = members.get(pod);
        if (own != null && isCountedIn(own, slot)) {
            remove(own);
        }
    }

    /** It is reserved no longer. Returns the slot if room came free in it, else null. */
    public @Nullable UnitKey unreserve(PodUid pod, UnitKey slot) {
        var slots = reserved.get(pod);
        var member = slots == null ? null : slots.remove(slot);
        if (slots == null || member == null) {
            return null;
        }
        if (slots.isEmpty()) {
            reserved.remove(pod);
        }
        var own = members.get(pod);
        boolean stays = own != null && isCountedIn(own, slot);
        if (own != null && stays) {
            tally(slot).add(own);
        }
        remove(member);
        return stays ? null : slot;
    }

    /** The slot that another process reserved for the pod in a unit, null where none did. */
    public @Nullable Member reserved(PodUid pod, UnitKey slot) {
        var slots = reserved.get(pod);
        return slots == null ? null : slots.get(slot);
    }

    /** Whether another process reserved any slot for the pod. */
    public boolean hasReserved(PodUid pod) {
        return reserved.containsKey(pod);
    }

    private boolean isReserved(PodUid pod, Member member) {
        return member.counts() && reserved(pod, member.unit()) != null;
    }

    private static boolean isCountedIn(Member member, UnitKey slot) {
        return member.counts() && member.unit().equals(slot);
    }

    /** Pods that count in a unit, all groups together. */
    public int count(PolicyKey policy, int unit) {
        return look(policy, unit).counted;
    }

    /** Pods of one group that count in a unit. */
    public int count(PolicyKey policy, int unit, String group) {
        return look(policy, unit).byGroup.getOrDefault(group, 0);
    }

    /** What the pods that count in a unit request together. */
    public ResourceList used(PolicyKey policy, int unit) {
        return look(policy, unit).used;
    }

    /** Pods in a unit that are being deleted, whether they count or not. */
    public int terminating(PolicyKey policy, int unit) {
        return look(policy, unit).terminating;
    }

    private void remove(Member member) {
        var slot = member.unit();
        var tally = tally(slot);
        tally.remove(member);
        if (tally.isEmpty()) {
            var units = tallies.get(slot.policy());
            if (units != null && units.remove(slot.position()) != null && units.isEmpty()) {
                tallies.remove(slot.policy());
            }
        }
    }

    private Tally look(PolicyKey policy, int unit) {
        var units = tallies.get(policy);
        return units == null ? NOBODY : units.getOrDefault(unit, NOBODY);
    }

    private Tally tally(UnitKey slot) {
        return tallies.computeIfAbsent(slot.policy(), p -> new TreeMap<>())
                .computeIfAbsent(slot.position(), u -> new Tally());
    }
}
