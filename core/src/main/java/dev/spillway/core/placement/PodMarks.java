package dev.spillway.core.placement;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.profile.Additions;

/** Labels and annotations that a unit writes onto a pod with its binding. */
public final class PodMarks {
    private PodMarks() {}

    /** The labels. */
    public static Labels labels(Pod pod, Unit unit, Additions profile) {
        return Demand.of(pod, unit, profile).labels();
    }

    /** The annotations of the policy's unit at this position, but for what only the instance tells. */
    public static Labels annotations(Policy policy, int position) {
        var unit = policy.unit(position);
        return unit.podAnnotations().with(rank(policy, position, DeletionCost.of(unit, position)));
    }

    /** The annotations of a pod that a policy places outside of all its units. */
    static Labels annotationsOutside(Policy policy) {
        return rank(policy, 0, DeletionCost.OUTSIDE);
    }

    /**
     * A bound pod as its owner would make the next one, as far as that is known: of the labels that its unit wrote, the region would be in
     * the way of other units; each writes the others itself.
     */
    public static Pod madeAnew(Pod bound, Policy policy) {
        for (int position = 1; position <= policy.units().size(); position++) {
            if (bound.annotations().has(Names.UNIT, Integer.toString(position))
                    && policy.unit(position).ownLabels().get(Names.REGION_ID) != null) {
                return bound.madeAnew(bound.labels().without(Names.REGION_ID));
            }
        }
        return bound.madeAnew(bound.labels());
    }

    private static Labels rank(Policy policy, int position, int cost) {
        return rank(policy.key().name(), policy.uid(), policy.generation(), position, cost);
    }

    /** The annotations that keep a pod's rank; an empty UID is that of no policy there is. */
    public static Labels rank(String policy, String uid, long generation, int position, int cost) {
        return Labels.of(
                Names.DELETION_COST, Integer.toString(cost),
                Names.POLICY, policy,
                Names.POLICY_UID, uid,
                Names.POLICY_GENERATION, Long.toString(generation),
                Names.UNIT, Integer.toString(position));
    }
}
