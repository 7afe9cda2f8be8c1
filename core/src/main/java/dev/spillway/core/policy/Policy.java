package dev.spillway.core.policy;

import dev.spillway.core.cluster.Labels;
import java.util.List;

/**
 * A ResourcePolicy as declared by a user.
 *
 * @param generation rises with every change of its spec
 * @param selector pairs that a pod's labels must contain; empty = every pod of the namespace
 * @param matchExpressions further requirements, all must hold
 * @param strategy whether pods may leave the units
 * @param units in order of preference, 1 to 20
 * @param ignoreTerminatingPod whether pods that are ending do not count towards {@code max}
 * @param problem why it cannot be used, empty where it can; an unusable policy holds its pods back
 */
public record Policy(
        PolicyKey key,
        long generation,
        Labels selector,
        List<LabelRequirement> matchExpressions,
        Strategy strategy,
        List<Unit> units,
        boolean ignoreTerminatingPod,
        String problem) {

    /** Whether nodes outside every unit may be used last. */
    public enum Strategy {
        PREFER,
        REQUIRED
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
