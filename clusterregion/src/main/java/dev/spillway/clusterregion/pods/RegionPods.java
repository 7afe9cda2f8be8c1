package dev.spillway.clusterregion.pods;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Versions;
import dev.spillway.clusterregion.mapping.Keys;
import dev.spillway.clusterregion.mapping.Ownership;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Whoever reads a pod hands it in here: the watch, and each call that had to look for itself. What is not newer than what is known of the pod is old
 * news. Only the watch takes pods out, since only it knows that nothing older can come after; and only what it brings is told to listeners.
 */

/**
 * What is known of our pods in the region, and for ten minutes of those that are gone. Objects of others, and whatever cannot be read, leave no
 * trace. Thread-safe.
 */
public final class RegionPods {
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST = 200_000; // a region that has more of ours lies

    private final String clusterId;
    private final RegionId region;
    private final KnownPod.Common common = new KnownPod.Common();
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Map<PodId, KnownPod> known = new HashMap<>(); // never iterated in an order that matters
    private final Map<PodId, Gone> gone = new LinkedHashMap<>(); // oldest first
    private final Map<PodId, List<CountDownLatch>> waiting = new HashMap<>();
    private long offset; // of observations to versions

    private volatile boolean isFollowed;

    public RegionPods(String clusterId, RegionId region) {
        this.clusterId = clusterId;
        this.region = region;
    }

    private record Gone(@Nullable PodReport report, long asOf, long sinceNanos) {}

    /** What all of them have in common, as a selector of labels. */
    public String selector() {
        return Keys.CLUSTER + "=" + clusterId;
    }

    /** Takes in a pod as the region has it; what is known of it now, empty where it is not ours, or gone. */
    public Optional<KnownPod> seen(JsonNode pod) {
        var id = PodId.of(pod).orElse(null);
        var ownership = Ownership.read(pod, clusterId, region).orElse(null);
        long version = Versions.of(pod);
        if (id == null || ownership == null || version < 0) {
            return Optional.empty();
        }
        return locked(() -> {
            if (gone.containsKey(id)) {
                return Optional.empty();
            }
            var before = known.get(id);
            if (before == null && known.size() >= MOST) {
                return Optional.empty();
            }
            if (before != null && before.version() >= version) {
                return Optional.of(before);
            }
            var now = KnownPod.of(pod, id, ownership, version, offset, before, common);
            known.put(now.id(), now);
            wake(id);
            return Optional.of(now);
        });
    }

    /** What is known of a pod, null where nothing is or it is gone. */
    public @Nullable KnownPod known(PodId id) {
        return locked(() -> known.get(id));
    }

    /** Whose a pod is or was, null where nothing is known of it. */
    public @Nullable Tags tags(PodId id) {
        return locked(() -> {
            var now = known.get(id);
            if (now != null) {
                return now.ownership().tags();
            }
            var last = gone.get(id);
            return last == null || last.report() == null
                    ? null
                    : last.report().instance().tags();
        });
    }

    /** All that are known and not gone. */
    public List<KnownPod> all() {
        return locked(() -> List.copyOf(known.values()));
    }

    /** The last report of an instance, also of one that is gone and not yet forgotten. */
    public Optional<PodReport> report(InstanceId instance) {
        return PodId.parse(instance)
                .flatMap(id -> locked(() -> {
                    var now = known.get(id);
                    var last = gone.get(id);
                    return Optional.ofNullable(now != null ? now.report() : last != null ? last.report() : null);
                }));
    }

    /** Whether changes come by themselves at the moment: a watch is open. */
    public boolean isFollowed() {
        return isFollowed;
    }

    void follow(boolean followed) {
        isFollowed = followed;
    }

    /** Waits until more is known of a pod than at that version, or that it is gone, or the time has passed. */
    public void await(PodId id, long version, Duration time) throws InterruptedException {
        var latch = new CountDownLatch(1);
        boolean mustWait = locked(() -> {
            var now = known.get(id);
            boolean isNews = now == null ? gone.containsKey(id) : now.version() > version;
            if (!isNews) {
                waiting.computeIfAbsent(id, pod -> new ArrayList<>(1)).add(latch);
            }
            return !isNews;
        });
        if (!mustWait) {
            return;
        }
        try {
            boolean _ = latch.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            locked(() -> waiting.computeIfPresent(id, (pod, latches) -> {
                latches.remove(latch);
                return latches.isEmpty() ? null : latches;
            }));
        }
    }

    /** The report that listeners are to be told after the watch has brought this pod; empty where they know it. For the watch alone. */
    Optional<PodReport> toTell(PodId id) {
        return locked(() -> {
            var now = known.get(id);
            if (now == null || now.report() == null || now.toldVersion() >= now.version()) {
                return Optional.empty();
            }
            known.put(now.id(), now.told());
            return Optional.ofNullable(now.report());
        });
    }

    /** The watch knows that a pod is gone as of a version; what listeners are to be told. For the watch alone. */
    Optional<PodReport> gone(PodId id, long version) {
        return locked(() -> {
            forgetOld();
            var last = known.remove(id);
            if (last == null) {
                return Optional.empty();
            }
            var report = last.report() == null ? null : last.report().gone(version + offset);
            gone.put(last.id(), new Gone(report, version, System.nanoTime()));
            wake(id);
            return Optional.ofNullable(report);
        });
    }

    /**
     * Whether a list shows what cannot come after what is known: a pod older than it was, or one that was gone. By that a store that was restored from a
     * backup shows, also where its count of versions has gone on beyond the highest seen meanwhile. For the watch alone.
     *
     * @param asOf version of the list
     */
    boolean isContradictedBy(List<JsonNode> listed, long asOf) {
        return locked(() -> listed.stream().anyMatch(pod -> {
            var id = PodId.of(pod).orElse(null);
            var before = known.get(id);
            var last = gone.get(id);
            boolean isOlder = before != null && before.version() <= asOf && Versions.of(pod) < before.version();
            return isOlder || (last != null && last.asOf() <= asOf);
        }));
    }

    /**
     * The region's store went back, as after a restored backup: what it says now is the truth, and observations go on rising. For the
     * watch alone.
     *
     * @param from the highest version that was seen
     */
    void setBack(long from) {
        locked(() -> {
            offset += from;
            known.replaceAll((id, pod) -> pod.setBack());
            gone.clear(); // what had ended since the backup is there again, and would be hidden
            return true;
        });
    }

    private void forgetOld() {
        long now = System.nanoTime();
        var oldest = gone.values().iterator();
        while (oldest.hasNext()) {
            boolean isOld = now - oldest.next().sinceNanos() > REMEMBERED.toNanos();
            if (!isOld && gone.size() < MOST_REMEMBERED) {
                return;
            }
            oldest.remove();
        }
    }

    private void wake(PodId id) {
        waiting.getOrDefault(id, List.of()).forEach(CountDownLatch::countDown);
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
