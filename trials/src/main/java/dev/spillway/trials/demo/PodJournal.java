package dev.spillway.trials.demo;

import dev.spillway.core.model.Names;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a watch told of each pod, with the times at which this client saw it: the API's own times have seconds only. It also
 * keeps the two promises that must never be broken in between, which a look at the end could miss: a pod is bound only to
 * capacity that was acquired, and never to capacity that is not there. Thread-safe.
 */
final class PodJournal {
    private final Map<String, String> regionByNode;
    private final ToIntFunction<String> stockOfRegion;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private final Map<String, Entry> entryByUid = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();

    /**
     * One pod's story.
     *
     * @param boundAfter from its creation, null while it is not bound
     * @param runningAfter likewise
     * @param hasLeft whether it was removed
     */
    record Entry(
            Pod pod,
            long createdNanos,
            @Nullable Duration boundAfter,
            @Nullable Duration runningAfter,
            boolean hasLeft) {
        Entry seen(Pod now, long nanos) {
            boolean bound = now.getSpec().getNodeName() != null;
            boolean running =
                    now.getStatus() != null && "Running".equals(now.getStatus().getPhase());
            var since = Duration.ofNanos(nanos - createdNanos);
            return new Entry(
                    now,
                    createdNanos,
                    boundAfter == null && bound ? since : boundAfter,
                    runningAfter == null && running ? since : runningAfter,
                    false);
        }

        Entry left() {
            return new Entry(pod, createdNanos, boundAfter, runningAfter, true);
        }
    }

    /**
     * An empty journal.
     *
     * @param regionByNode region of each virtual node
     * @param stockOfRegion how many GPUs a region has now
     */
    PodJournal(Map<String, String> regionByNode, ToIntFunction<String> stockOfRegion, LongSupplier nanoTime) {
        this.regionByNode = Map.copyOf(regionByNode);
        this.stockOfRegion = stockOfRegion;
        this.nanoTime = nanoTime;
    }

    /** A pod is there, new or changed. */
    synchronized void seen(Pod pod) {
        long now = nanoTime.getAsLong();
        String uid = pod.getMetadata().getUid();
        Entry before = entryByUid.getOrDefault(uid, new Entry(pod, now, null, null, false));
        Entry after = before.seen(pod, now);
        entryByUid.put(uid, after);
        if (before.boundAfter() == null && after.boundAfter() != null) {
            bound(pod);
        }
    }

    /** A pod is gone. */
    synchronized void gone(Pod pod) {
        entryByUid.computeIfPresent(pod.getMetadata().getUid(), (uid, entry) -> entry.left());
    }

    /** The first promise that was broken, in words. */
    synchronized Optional<String> firstBroken() {
        return broken.stream().findFirst();
    }

    /** All pods, in order of creation. */
    synchronized List<Entry> entries() {
        return List.copyOf(entryByUid.values());
    }

    /** Region of the node that a pod is bound to; empty where it is bound to none of ours. */
    String regionOf(Pod pod) {
        String node = Objects.requireNonNullElse(pod.getSpec().getNodeName(), "");
        return regionByNode.getOrDefault(node, "");
    }

    private void bound(Pod pod) {
        String region = regionOf(pod);
        if (region.isEmpty()) {
            return;
        }
        String name = pod.getMetadata().getName();
        if (!pod.getMetadata().getAnnotations().containsKey(Names.INSTANCE_ID)) {
            broken.add("pod %s was bound in %s before an instance was acquired for it: it has no annotation %s"
                    .formatted(name, region, Names.INSTANCE_ID));
        }
        long there = entryByUid.values().stream()
                .filter(entry -> !entry.hasLeft()
                        && entry.pod().getMetadata().getDeletionTimestamp() == null
                        && regionOf(entry.pod()).equals(region))
                .count();
        int stock = stockOfRegion.applyAsInt(region);
        if (there > stock) {
            broken.add("pod %s was bound in %s, which is sold out: it has %d, and %d pods are bound there"
                    .formatted(name, region, stock, there));
        }
    }
}
