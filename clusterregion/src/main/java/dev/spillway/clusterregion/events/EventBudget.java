package dev.spillway.clusterregion.events;

import dev.spillway.clusterregion.mapping.PodId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/*
 * An Event costs the home API server as much as a binding does. A kubelet's recorder lets 25 about one object through at once and then one in five
 * minutes; a region is not trusted to have only such kubelets.
 */

/** How many events may be told: of one pod, and of all pods of a region together. Times are arguments, by {@link System#nanoTime}. One thread. */
final class EventBudget {
    private static final int POD_AT_ONCE = 30;
    private static final double POD_A_SECOND = 1 / 60.0;
    private static final int REGION_AT_ONCE = 200;
    private static final double REGION_A_SECOND = 20;

    private final Map<PodId, Bucket> pods = new HashMap<>(); // never iterated in an order that matters
    private final Bucket region;

    EventBudget(long nowNanos) {
        this.region = new Bucket(REGION_AT_ONCE, REGION_A_SECOND, nowNanos);
    }

    /** Whether the region has something left at all. */
    boolean isOpen(long nowNanos) {
        region.fill(nowNanos);
        return region.left >= 1;
    }

    /** Takes one of both where the pod has something left; to be asked while the region has. */
    boolean take(PodId pod, long nowNanos) {
        var bucket = pods.computeIfAbsent(pod, absent -> new Bucket(POD_AT_ONCE, POD_A_SECOND, nowNanos));
        bucket.fill(nowNanos);
        if (bucket.left < 1) {
            return false;
        }
        bucket.left--;
        region.left--;
        return true;
    }

    /** Forgets pods that have everything left again. */
    void forgetRested(long nowNanos) {
        pods.values().removeIf(bucket -> {
            bucket.fill(nowNanos);
            return bucket.left >= POD_AT_ONCE;
        });
    }

    private static final class Bucket {
        private final int most;
        private final double perSecond;
        private double left;
        private long filledNanos;

        Bucket(int most, double perSecond, long nowNanos) {
            this.most = most;
            this.perSecond = perSecond;
            this.left = most;
            this.filledNanos = nowNanos;
        }

        void fill(long nowNanos) {
            double seconds = (double) (nowNanos - filledNanos) / TimeUnit.SECONDS.toNanos(1);
            left = Math.min(most, left + seconds * perSecond);
            filledNanos = nowNanos;
        }
    }
}
