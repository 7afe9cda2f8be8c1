package dev.spillway.core.policy;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import java.util.List;

/**
 * A ResourcePolicy as declared by a user.
 *
 * @param uid tells it from an earlier or later policy of its name
 * @param generation rises with every change of its spec, and starts again at 1 where it is created anew
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
        String uid,
        long generation,
        long createdSeconds,
        Labels selector,
        List<LabelRequirement> matchExpressions,
        Strategy strategy,
        List<Unit> units,
        CountRule counting,
        WhenTryNextUnits leaving,
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

    /** The unit at this position, from 1. */
    public Unit unit(int position) {
        return units.get(position - 1);
    }

    /** Whether the policy speaks about a pod of its namespace with these labels. */
    public boolean selects(Labels podLabels) {
        return podLabels.containsAll(selector)
                && matchExpressions.stream().allMatch(requirement -> requirement.holds(podLabels));
    }

    /** Whether it still speaks about a pod that it placed: labels that its own units write do not take the pod away from it. */
    public boolean stillSelects(Labels podLabels) {
        return selects(podLabels)
                || (selector.toMap().entrySet().stream()
                                .allMatch(pair -> podLabels.has(pair.getKey(), pair.getValue())
                                        || isWritten(pair.getKey(), podLabels))
                        && matchExpressions.stream()
                                .allMatch(requirement ->
                                        requirement.holds(podLabels) || isWritten(requirement.key(), podLabels)));
    }

    private boolean isWritten(String key, Labels podLabels) {
        var value = podLabels.get(key);
        return value != null && units.stream().anyMatch(unit -> unit.writes(key, value));
    }

    /**
     * Whether it placed the pod, in whichever generation. An earlier release did not write the UID: there the name has to do, unless the pod
     * was scheduled before the policy was created.
     */
    public boolean placed(Pod pod) {
        var uidThen = pod.annotations().get(Names.POLICY_UID);
        return pod.annotations().has(Names.POLICY, key.name())
                && (uidThen == null ? pod.scheduledSeconds() >= createdSeconds : uidThen.equals(uid));
    }

    /** Whether annotations that a binding writes are those of this very generation. */
    public boolean wrote(Labels annotations) {
        return annotations.has(Names.POLICY, key.name())
                && annotations.has(Names.POLICY_UID, uid)
                && annotations.has(Names.POLICY_GENERATION, Long.toString(generation));
    }
}
