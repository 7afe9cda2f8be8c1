package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.Reason;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
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
            Labels labels,
            Labels annotations,
            Explanation passed)
            implements Walk {
        /** The virtual node of the offer's zone. */
        public NodeName node() {
            return Names.nodeOf(offer.zone().value());
        }
    }

    /**
     * Bind to this real node.
     *
     * @param unit by which unit; null for a pod without a policy
     * @param labels to be written onto the pod with the binding
     * @param annotations likewise, the deletion cost among them
     * @param passed what the units before it answered
     */
    record Bind(@Nullable UnitKey unit, NodeName node, Labels labels, Labels annotations, Explanation passed)
            implements Walk {}

    /**
     * Wait, and let these pods be evicted meanwhile.
     *
     * @param room where, and who
     */
    record MakeRoom(NodeSearch.Room room, Stay stay) implements Walk {}

    /**
     * Wait.
     *
     * @param gates what may end the wait, besides changes of declared objects
     * @param soon whether answers in flight will decide it, so that nothing needs to be said yet
     * @param waitingSince when each unit that has a clock for the pod first did not take it, by position
     */
    record Stay(Explanation why, List<Gate> gates, boolean soon, SortedMap<Integer, Instant> waitingSince)
            implements Walk {
        public Stay {
            gates = List.copyOf(gates);
        }

        /** Wait until this is no longer so: declared objects may change it, or the reason's own time. */
        public static Stay of(Reason reason) {
            return new Stay(Explanation.of(reason), List.of(), false, Collections.emptySortedMap());
        }
    }

    /** Not ours to place. */
    record Ignore() implements Walk {}
}
