package dev.spillway.kubelet.usage;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.regions.running.ContainerUsage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a virtual node's pods use.
 *
 * @param total of all containers that there are figures of; empty where there are none
 * @param pods those that there are figures of, by namespace and name
 * @param problem why figures may be missing, for people; empty where the region answered
 */
record NodeUsage(NodeName node, Optional<Total> total, List<PodUsage> pods, String problem) {
    NodeUsage {
        pods = List.copyOf(pods);
    }

    /**
     * A sum over containers.
     *
     * @param at when the newest of them was measured
     * @param since when the first of them started
     * @param cpuNanos counter of nanoseconds of one core, above 0
     */
    record Total(Instant at, Instant since, long cpuNanos, long nanoCores, long memoryBytes) {
        /** Of some containers, at least one. */
        static Total of(List<ContainerUsage> containers, long cpuNanos) {
            var at = Instant.MIN;
            var since = Instant.MAX;
            long nanoCores = 0;
            long memoryBytes = 0;
            for (var container : containers) {
                at = container.at().isAfter(at) ? container.at() : at;
                since = container.startedAt().isBefore(since) ? container.startedAt() : since;
                nanoCores += container.nanoCores();
                memoryBytes += container.memoryBytes();
            }
            return new Total(at, since, cpuNanos, nanoCores, memoryBytes);
        }
    }

    /**
     * A pod.
     *
     * @param containers at least one, by name
     */
    record PodUsage(PodKey pod, PodUid uid, Total total, List<ContainerUsage> containers) {
        PodUsage {
            containers = List.copyOf(containers);
        }
    }
}
