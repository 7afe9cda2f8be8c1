package dev.spillway.core.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status that a ResourcePolicy object shall have: usable or not and why, and how many pods each unit counts. */
public record PolicyStatus(long generation, RegionStatus.Verdict ready, List<UnitCount> units) {
    /** Pods of one unit; index from 1. */
    public record UnitCount(int index, int count, @Nullable Integer max) {}

    public PolicyStatus {
        units = List.copyOf(units);
    }
}
