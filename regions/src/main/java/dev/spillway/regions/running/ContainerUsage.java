package dev.spillway.regions.running;

import java.time.Instant;

/**
 * What one container uses, as the region measured it.
 *
 * @param name in the pod
 * @param startedAt by the region's clock; the CPU time is counted from a moment not before it, and counted anew with each new start
 * @param at when it was measured, by the region's clock; not before startedAt
 * @param cpuNanos CPU time in nanoseconds of one core; only grows while startedAt stays, and is at least 1, since whatever runs has used some
 * @param nanoCores CPU time per time of late, in billionths of a core; 0 or more
 * @param memoryBytes working set; 0 or more
 */
public record ContainerUsage(
        String name, Instant startedAt, Instant at, long cpuNanos, long nanoCores, long memoryBytes) {}
