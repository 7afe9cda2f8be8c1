package dev.spillway.core.engine;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.placement.Authority;
import dev.spillway.core.placement.Walker;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.step.PodState;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that a walk depends on in a pod and in what is remembered about it ({@link Walker.Subject}), without what tells it from its
 * equals: name, UID and age. While the facts stay the same, pods of one template that wait would walk alike.
 *
 * @param annotations but for the clocks of units, which are below
 * @param clocksOver units in which the pod has waited for its whole time; how much is left of another clock moves no pod
 * @param refusedBy regions that are not asked for it for now, with the code of the reason
 * @param refusedRooms nodes where nobody is asked to leave for it for now
 * @param orphaned whether its policy was just deleted
 */
record Template(
        String namespace,
        PodSpec spec,
        Labels labels,
        Labels annotations,
        @Nullable Owner owner,
        boolean olderThanStart,
        TreeSet<Integer> clocksOver,
        TreeMap<RegionId, String> refusedBy,
        TreeSet<NodeName> refusedRooms,
        boolean orphaned) {

    /**
     * The pod's template; null where it has no equals: a claim may belong to one pod alone, and so does the room that is being made
     * for one.
     */
    static @Nullable Template of(
            PodState state, SortedMap<Integer, Instant> since, Function<Pod, Authority> authorityOf, Instant now) {
        var pod = state.pod;
        boolean hasRoom = state.wait != null && state.wait.room != null;
        if (hasRoom || !pod.spec().onNodes().claims().isEmpty()) {
            return null;
        }
        return new Template(
                pod.key().namespace(),
                pod.spec(),
                pod.labels(),
                pod.annotations().without(Names.WAITING_SINCE),
                pod.owner(),
                state.olderThanStart,
                clocksOver(since, since.isEmpty() ? null : authorityOf.apply(pod), now),
                refusedBy(state.refusals(), now),
                refusedRooms(state.refusedRooms(), now),
                isOrphaned(state, now));
    }

    private static boolean isOrphaned(PodState state, Instant now) {
        var orphaned = state.wait == null ? null : state.wait.orphaned;
        return orphaned != null && now.isBefore(orphaned.nextTry());
    }

    private static TreeSet<Integer> clocksOver(
            SortedMap<Integer, Instant> since, @Nullable Authority authority, Instant now) {
        var over = new TreeSet<Integer>();
        if (authority instanceof Authority.ByPolicy(var policy)) {
            since.forEach((unit, start) -> {
                if (!now.isBefore(start.plus(policy.leaving().timeout()))) {
                    over.add(unit);
                }
            });
        }
        return over;
    }

    private static TreeMap<RegionId, String> refusedBy(Map<RegionId, RegionReason.OfRequest> refusals, Instant now) {
        var codes = new TreeMap<RegionId, String>();
        refusals.forEach((region, why) -> {
            if (now.isBefore(why.nextTry())) {
                codes.put(region, why.code());
            }
        });
        return codes;
    }

    private static TreeSet<NodeName> refusedRooms(Map<NodeName, NodeReason.EvictionRefused> refusals, Instant now) {
        return refusals.entrySet().stream()
                .filter(entry -> now.isBefore(entry.getValue().nextTry()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
