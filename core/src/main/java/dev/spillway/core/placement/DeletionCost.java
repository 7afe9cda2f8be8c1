package dev.spillway.core.placement;

import dev.spillway.core.policy.PolicyCheck;
import dev.spillway.core.policy.Unit;

/** The pod deletion cost by which later units leave first (R8.1). */
public final class DeletionCost {
    /** Cost of a pod of a policy outside every unit: it leaves first. */
    public static final int OUTSIDE = -100;

    private DeletionCost() {}

    /** 100 × (21 − position): 2000 for the first unit, 100 for the twentieth, whatever the length of the list; a weight of the unit stands in its place. */
    public static int of(Unit unit, int position) {
        var weight = unit.scaleInWeight();
        return weight != null ? weight : 100 * (PolicyCheck.MOST_UNITS + 1 - position);
    }
}
