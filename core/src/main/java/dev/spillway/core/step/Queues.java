package dev.spillway.core.step;

import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.reason.Gate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The waiting pods, by what they wait for. At each gate: higher priority first, then the older pod, then the smaller UID, so
 * that the order is total.
 */
public final class Queues {
    private static final TreeSet<Position> NOBODY = new TreeSet<>();

    private final TreeMap<Gate, TreeSet<Position>> byGate = new TreeMap<>();
    private final TreeSet<Gate.PodsGate> podsGates = new TreeSet<>();
    private final TreeSet<Position> everybody = new TreeSet<>();

    /** Where a pod stands among others: who goes first. */
    public record Position(int priority, long createdSeconds, PodUid uid) implements Comparable<Position> {
        /** Written out: a composed comparator costs several calls, and this is compared more often than anything else. */
        @Override
        public int compareTo(Position other) {
            var byPriority = Integer.compare(other.priority, priority);
            if (byPriority != 0) {
                return byPriority;
            }
            var byAge = Long.compare(createdSeconds, other.createdSeconds);
            return byAge == 0 ? uid.compareTo(other.uid) : byAge;
        }
    }

    public void enter(PodState state, List<Gate> gates) {
        var place = placeOf(state);
        everybody.add(place);
        state.waiting().gates = gates;
        for (var gate : gates) {
            byGate.computeIfAbsent(gate, g -> new TreeSet<>()).add(place);
            if (gate instanceof Gate.PodsGate pods) {
                podsGates.add(pods);
            }
        }
    }

    public void leave(PodState state) {
        var wait = state.wait;
        if (wait == null) {
            return;
        }
        var place = placeOf(state);
        everybody.remove(place);
        for (var gate : wait.gates) {
            var queue = byGate.get(gate);
            if (queue != null && queue.remove(place) && queue.isEmpty()) {
                byGate.remove(gate);
                if (gate instanceof Gate.PodsGate pods) {
                    podsGates.remove(pods);
                }
            }
        }
        wait.gates = List.of();
    }

    /** The pod is gone or has what it needs. */
    public void forget(PodState state) {
        state.wantsInstance = false;
        leave(state);
        state.wait = null;
    }

    /** The pods at a gate, first first. */
    public List<PodUid> at(Gate gate) {
        return uids(byGate.get(gate));
    }

    /** The pods at any of these gates, first first. */
    public List<PodUid> at(Collection<? extends Gate> gates) {
        var places = new TreeSet<Position>();
        for (var gate : gates) {
            places.addAll(byGate.getOrDefault(gate, NOBODY));
        }
        return uids(places);
    }

    /** The gates at which somebody waits for other pods to come or go, in order; a view. */
    public Set<Gate.PodsGate> podsGates() {
        return podsGates;
    }

    /** Whether somebody waits at the gate who goes before the pod. */
    public boolean isBehind(PodState state, Gate gate) {
        var queue = byGate.get(gate);
        return queue != null && queue.first().compareTo(placeOf(state)) < 0;
    }

    /** All waiting pods, first first. */
    public List<PodUid> all() {
        return uids(everybody);
    }

    /** Whether anybody waits at a gate. */
    public boolean isWaitedFor(Gate gate) {
        return byGate.containsKey(gate);
    }

    /** Whether the pod waits. */
    public boolean isQueued(PodState state) {
        return state.wait != null && everybody.contains(placeOf(state));
    }

    public int size() {
        return everybody.size();
    }

    /** When the oldest waiting pod was created, in Unix seconds by the API server's clock; null where none waits. Looks at all of them. */
    public @Nullable Long oldestCreatedSeconds() {
        Long oldest = null;
        for (var place : everybody) {
            oldest = oldest == null ? place.createdSeconds() : Math.min(oldest, place.createdSeconds());
        }
        return oldest;
    }

    /** The gates of a region's offers at which somebody waits, in the order of who stands first there. */
    public List<Gate.OfferGate> offersOf(RegionId region) {
        var found = new ArrayList<Gate.OfferGate>();
        for (var gate : byGate.keySet()) {
            if (gate instanceof Gate.OfferGate offer && offer.offer().region().equals(region)) {
                found.add(offer);
            }
        }
        found.sort(Comparator.comparing(this::first));
        return found;
    }

    private Position first(Gate gate) {
        return Objects.requireNonNull(byGate.get(gate)).first();
    }

    private static List<PodUid> uids(@Nullable Set<Position> places) {
        if (places == null || places.isEmpty()) {
            return List.of();
        }
        var uids = new ArrayList<PodUid>(places.size());
        for (var place : places) {
            uids.add(place.uid());
        }
        return uids;
    }

    public static Position placeOf(PodState state) {
        // Priority and creation time of a pod never change, so the place found here is the one entered.
        return new Position(state.pod.spec().priority(), state.pod.createdSeconds(), state.pod.uid());
    }
}
