package dev.spillway.core.placement;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.region.Offer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of a walk over a pod's units. */
public sealed interface Walk {
    /**
     * Ask for this offer.
     *
     * @param policy the policy that speaks, null for a direct pin
     * @param unit position of the unit, from 1; 0 without a policy
     * @param labels to be written onto the pod with the binding
     * @param annotations likewise, the deletion cost among them
     * @param passed what the units before it answered
     */
    record Ask(
            @Nullable PolicyKey policy,
            long generation,
            int unit,
            Offer offer,
            NodeName node,
            Labels labels,
            Labels annotations,
            Explanation passed)
            implements Walk {}

    /**
     * Wait.
     *
     * @param gates what may end the wait, besides changes of declared objects
     * @param soon whether answers in flight will decide it, so that nothing needs to be said yet
     */
    record Stay(Explanation why, List<Gate> gates, boolean soon) implements Walk {
        public Stay {
            gates = List.copyOf(gates);
        }
    }

    /** Not ours to place. */
    record Ignore() implements Walk {}
}
