package dev.spillway.regions.running;

import dev.spillway.core.model.InstanceId;
import java.util.List;
import java.util.Map;

/** What the pods of a region use. No answer is ever a zero in place of a figure that is missing. */
public sealed interface UsageAnswer {
    /**
     * The figures that there are. An instance or a container without figures is not in it.
     *
     * @param byInstance each with its containers in no particular order; never iterated in an order that matters
     */
    record Known(Map<InstanceId, List<ContainerUsage>> byInstance) implements UsageAnswer {
        public Known {
            byInstance = Map.copyOf(byInstance);
        }
    }

    /** The region works, and measures nothing. */
    record Unmeasured(String why) implements UsageAnswer {}

    /** The region did not say; there may be figures. */
    record Unknown(String why) implements UsageAnswer {}
}
