package dev.spillway.kubelet.usage;

import dev.spillway.regions.running.ContainerUsage;
import java.util.HashMap;
import java.util.Map;

/**
 * CPU time of several containers together, as one counter that only grows while containers come and go. It begins with what the first ones have used;
 * what later ones had used when they were first heard of is not in it, since it cannot be said when they did. Not thread-safe.
 *
 * @param <K> what names a container
 */
final class CpuTotal<K> {
    private Map<K, ContainerUsage> last = Map.of(); // never iterated
    private long nanos;

    /** Takes in the newest figures of all containers; the counter's value after it. */
    long take(Map<K, ContainerUsage> now) {
        boolean isFirst = nanos == 0;
        var next = new HashMap<K, ContainerUsage>();
        now.forEach((key, usage) -> {
            var before = last.get(key);
            nanos += before == null ? (isFirst ? usage.cpuNanos() : 0) : increase(before, usage);
            next.put(key, usage);
        });
        last = next;
        return nanos;
    }

    private static long increase(ContainerUsage before, ContainerUsage now) {
        if (now.startedAt().isAfter(before.startedAt())) {
            return now.cpuNanos(); // all of it since then
        }
        // A counter that was set back without a new start counts from where it is.
        return Math.max(0, now.cpuNanos() - before.cpuNanos());
    }
}
