package dev.spillway.clusterregion.usage;

import dev.spillway.core.model.InstanceId;
import dev.spillway.regions.running.ContainerUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes counters of CPU time from reports of rates. A region's metrics-server tells how fast a container has used CPU time of late, while whoever reads a
 * kubelet wants to know how much it has used since its start, and works out a rate again.
 *
 * <p>Between two reports the newer one's rate holds for all of the time between them, however long that is. So the rate that somebody works out from
 * two readings is the region's own, averaged over the time in between. A counter begins with the first report: with what the container has used at
 * that rate since its start, a minute at most, since nobody knows more; never with zero, which readers take for a figure that is missing. It only grows,
 * until the container starts anew. A new process begins new counters with the same start, which readers see as a counter set back.
 *
 * <p>Not thread-safe.
 */
final class CpuCounters {
    /** Less than a container needs to start. */
    private static final long LEAST = 1_000; // ns

    private static final Duration LONGEST_FIRST = Duration.ofMinutes(1);

    private Map<Key, ContainerUsage> last = new HashMap<>(); // never iterated in an order that matters

    private record Key(InstanceId instance, String container) {}

    /** A container of a report. */
    record Reported(String name, Instant startedAt, Instant at, long nanoCores, long memoryBytes) {}

    /**
     * Takes in a whole report.
     *
     * @param known whose counters are kept even where the report does not have them, as after a restart of metrics-server
     */
    Map<InstanceId, List<ContainerUsage>> take(Map<InstanceId, List<Reported>> report, Set<InstanceId> known) {
        var usages = new HashMap<InstanceId, List<ContainerUsage>>();
        var next = new HashMap<Key, ContainerUsage>();
        report.forEach((instance, containers) -> {
            var list = new ArrayList<ContainerUsage>();
            for (var container : containers) {
                var usage = next.computeIfAbsent(
                        new Key(instance, container.name()), key -> after(last.get(key), container));
                list.add(usage);
            }
            usages.put(instance, List.copyOf(list));
        });
        last.forEach((key, usage) -> {
            if (known.contains(key.instance())) {
                next.putIfAbsent(key, usage);
            }
        });
        last = next;
        return usages;
    }

    private static ContainerUsage after(@Nullable ContainerUsage before, Reported now) {
        if (before == null || !before.startedAt().equals(now.startedAt())) {
            var age = Duration.between(now.startedAt(), now.at());
            var counted = age.compareTo(LONGEST_FIRST) < 0 ? age : LONGEST_FIRST;
            return usage(now, Math.max(LEAST, used(now.nanoCores(), counted)));
        }
        if (!now.at().isAfter(before.at())) {
            return before; // an older report, or the same
        }
        long more = used(now.nanoCores(), Duration.between(before.at(), now.at()));
        long sum = before.cpuNanos() + more;
        return usage(now, sum < 0 ? Long.MAX_VALUE : sum);
    }

    private static ContainerUsage usage(Reported now, long cpuNanos) {
        return new ContainerUsage(now.name(), now.startedAt(), now.at(), cpuNanos, now.nanoCores(), now.memoryBytes());
    }

    /** Saturates; a long holds 292 years of one core. */
    private static long used(long nanoCores, Duration time) {
        return (long) (nanoCores * (time.toMillis() / 1e3));
    }
}
