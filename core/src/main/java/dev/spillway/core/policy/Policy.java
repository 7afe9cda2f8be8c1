package dev.spillway.core.policy;

import dev.spillway.core.cluster.Labels;
import java.util.List;

/**
 * A ResourcePolicy as declared by a user.
 *
 * @param generation rises with every change of its spec
 * @param createdSeconds the server's creation time in Unix seconds; pods placed before it may stay uncounted
 * @param selector pairs that a pod's labels must contain; empty = every pod of the namespace
 * @param matchExpressions further requirements, all must hold
 * @param strategy whether pods may leave the units
 * @param units in order of preference, 1 to 20
 * @param counting which pods count towards the units' caps
 * @param leaving when a pod may leave a unit for the next one
 * @param preemption when pods of lower priority may be evicted on real nodes
 * @param problem why it cannot be used, empty where it can; an unusable policy holds its pods back
 */
public record Policy(
        PolicyKey key,
        long generation,
        long createdSeconds,
        Labels selector,
        List<LabelRequirement> matchExpressions,
        Strategy strategy,
        List<Unit> units,
        CountRule counting,
        Leaving leaving,
        Preemption preemption,
        String problem) {

    /** Whether nodes outside every unit may be used last. */
    public enum Strategy {
        PREFER,
        REQUIRED
    }

    /** When pods of lower priority may be evicted: after each unit of real nodes that has no room, or after the last unit. */
    public enum Preemption {
        BEFORE_NEXT_UNIT,
        AFTER_ALL_UNITS
    }

    public Policy {
        matchExpressions = List.copyOf(matchExpressions);
        units = List.copyOf(units);
    }

    /** Whether the policy speaks about a pod of its namespace with these labels. */
    public boolean selects(Labels podLabels) {
        return podLabels.containsAll(selector)
                && matchExpressions.stream().allMatch(requirement -> requirement.holds(podLabels));
    }
}
