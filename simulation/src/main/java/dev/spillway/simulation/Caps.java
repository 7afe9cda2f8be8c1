package dev.spillway.simulation;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * S9: the pods bound under one generation of a policy never exceed the {@code max} that this generation gives their unit, however
 * many processes believe to lead. Where two did, a generation that is not the newest is not in force any longer: who adopts an
 * instance that the other bought under it asks the newest for a slot.
 */
final class Caps {
    private final World world;
    private final PodViews pods;
    private final Map<String, Long> newest = new TreeMap<>();

    // A process that was paused writes over a final status what it last knew. That is put right, and brings no pod back
    // to life.
    private final Set<PodUid> ended = new TreeSet<>();
    private final Map<String, List<Integer>> maxByGeneration = new TreeMap<>(); // a negative number is no cap

    Caps(World world, PodViews pods) {
        this.world = world;
        this.pods = pods;
    }

    /** A policy has a new generation; {@code max} of each unit, negative where there is none. */
    void declared(String namespace, String policy, long generation, List<Integer> max) {
        newest.merge(namespace + "/" + policy, generation, Math::max);
        maxByGeneration.put(key(namespace, policy, Long.toString(generation)), List.copyOf(max));
    }

    void podChanged(@Nullable Pod before, Pod after) {
        if (after.phase().isTerminal()) {
            ended.add(after.uid());
        }
        boolean isNew = counts(after) && (before == null || !counts(before));
        if (!isNew || (world.fleet.hasOverlapped() && !isOfNewestGeneration(after))) {
            return;
        }
        var max = maxByGeneration.get(generationOf(after));
        var unit = after.annotations().getOr(Names.UNIT, "0");
        int index = Integer.parseInt(unit) - 1;
        if (max == null || index < 0 || index >= max.size() || max.get(index) < 0) {
            return;
        }
        long bound = pods.all().stream()
                .filter(pod -> counts(pod)
                        && generationOf(pod).equals(generationOf(after))
                        && pod.annotations().has(Names.UNIT, unit))
                .count();
        if (bound > max.get(index)) {
            throw new ViolationException(
                    "S9",
                    "Unit %s of policy %s holds %d pods, its cap is %d."
                            .formatted(unit, generationOf(after), bound, max.get(index)),
                    after.uid().value());
        }
    }

    private boolean isOfNewestGeneration(Pod pod) {
        var generation =
                newest.get(pod.key().namespace() + "/" + pod.annotations().getOr(Names.POLICY, ""));
        return generation != null && pod.annotations().has(Names.POLICY_GENERATION, generation.toString());
    }

    private boolean counts(Pod pod) {
        return pod.node() != null
                && !ended.contains(pod.uid())
                && !pod.deleting()
                && !pod.phase().isTerminal()
                && pod.annotations().get(Names.POLICY) != null;
    }

    private static String generationOf(Pod pod) {
        return key(
                pod.key().namespace(),
                pod.annotations().getOr(Names.POLICY, ""),
                pod.annotations().getOr(Names.POLICY_GENERATION, ""));
    }

    private static String key(String namespace, String policy, String generation) {
        return namespace + "/" + policy + " generation " + generation;
    }
}
