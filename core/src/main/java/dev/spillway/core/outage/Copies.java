package dev.spillway.core.outage;

import dev.spillway.core.model.Owner;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.step.World;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Sees to it that no service loses its last good copy by our hand: of one owner, the next pod is moved only once each one moved before has
 * been replaced by one that is ready outside the unreachable regions (R29.6). The first of an owner may always go: it is not known to be
 * good.
 */
final class Copies {
    private final World world;

    /** How many pods of an owner have to be ready elsewhere before the next one is moved, by its UID; only looked up. */
    private final Map<String, Integer> wanted = new HashMap<>();

    private Map<String, Integer> ready = Map.of();
    private Set<RegionId> unreachable = Set.of();

    Copies(World world) {
        this.world = world;
    }

    /** Counts anew. */
    void count(Set<RegionId> now) {
        ready = ready(now);
        if (!now.equals(unreachable)) {
            unreachable = Set.copyOf(now);
            // Other regions count from now on, so what was counted before says nothing: one more than now has to become
            // ready.
            wanted.replaceAll((owner, before) -> readyOf(owner) + 1);
        }
        wanted.entrySet().removeIf(entry -> readyOf(entry.getKey()) >= entry.getValue());
    }

    /** Whether each pod of the owner that was moved before has a replacement that is ready. */
    boolean areReplaced(Owner owner) {
        return !wanted.containsKey(owner.uid());
    }

    /** A pod of the owner is moved. */
    void moved(Owner owner) {
        wanted.put(owner.uid(), readyOf(owner.uid()) + 1);
    }

    /** It was not, after all. */
    void notMoved(Owner owner) {
        wanted.remove(owner.uid());
    }

    private int readyOf(String owner) {
        return ready.getOrDefault(owner, 0);
    }

    private Map<String, Integer> ready(Set<RegionId> without) {
        var counts = new HashMap<String, Integer>(); // only looked up
        for (var state : world.pods()) {
            var pod = state.pod;
            var owner = pod.owner();
            var node = pod.node();
            if (owner == null
                    || node == null
                    || !pod.ready()
                    || pod.deleting()
                    || pod.phase().isTerminal()) {
                continue;
            }
            var region = world.regionOf(node);
            if (region == null || !without.contains(region)) {
                counts.merge(owner.uid(), 1, Integer::sum);
            }
        }
        return counts;
    }
}
