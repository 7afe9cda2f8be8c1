package dev.spillway.regions.running;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import java.util.List;
import java.util.Map;

/** What the pods of a region use. No answer is ever a zero in place of a figure that is missing. */
public sealed interface UsageAnswer {
    /**
     * The figures that there are. An instance or a container without figures is not in it.
     *
     * @param byInstance never iterated in an order that matters
     */
    record Known(Map<InstanceId, Used> byInstance) implements UsageAnswer {
        public Known {
            byInstance = Map.copyOf(byInstance);
        }

        /** What the containers of an instance use, in no particular order; empty where it was made for another pod, whatever the pod says. */
        public List<ContainerUsage> of(InstanceId instance, PodUid pod) {
            var used = byInstance.get(instance);
            return used == null || !used.pod().equals(pod) ? List.of() : used.containers();
        }
    }

    /**
     * What the containers of one instance use.
     *
     * @param pod for which the instance was made
     * @param containers in no particular order
     */
    record Used(PodUid pod, List<ContainerUsage> containers) {
        public Used {
            containers = List.copyOf(containers);
        }
    }

    /** The region works, and measures nothing. */
    record Unmeasured(String why) implements UsageAnswer {}

    /** The region did not say; there may be figures. */
    record Unknown(String why) implements UsageAnswer {}
}
