package dev.spillway.core.region;

import dev.spillway.core.cluster.Container;
import dev.spillway.core.cluster.PodSpec;
import dev.spillway.core.cluster.Resources;
import java.util.List;

/** What is asked of a region for one pod. The same token is always sent with the same tags but for the zone of a refused attempt. */
public record AcquireRequest(
        Token token, Tags tags, Resources resources, List<Container> containers, PodSpec.RestartPolicy restartPolicy) {
    public AcquireRequest {
        containers = List.copyOf(containers);
    }

    /** The offer asked for. */
    public Offer offer() {
        return tags.offer();
    }
}
