package dev.spillway.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status that a ResourcePolicy object shall have.
 *
 * @param ready whether it can be used, and why not
 * @param consistent whether everything that it names is there and its pods can follow it, with the first thing that a person has to put
 *     right; null where the policy cannot be used at all
 * @param units who and what is in each unit, in order; empty where the policy cannot be used
 */
public record PolicyStatus(
        long generation, RegionStatus.Verdict ready, RegionStatus.@Nullable Verdict consistent, List<UnitCount> units) {
    /**
     * One unit.
     *
     * @param index from 1
     * @param count pods that count in it
     * @param max its cap, null where it has none
     * @param nodes nodes that its selector matches: virtual ones for a unit of regions, else real ones
     */
    public record UnitCount(int index, int count, @Nullable Integer max, int nodes) {}

    public PolicyStatus {
        units = List.copyOf(units);
    }

    /** Of a policy that cannot be used: nobody is counted, and no unit is looked at. */
    public static PolicyStatus unusable(long generation, RegionStatus.Verdict ready) {
        return new PolicyStatus(generation, ready, null, List.of());
    }
}
