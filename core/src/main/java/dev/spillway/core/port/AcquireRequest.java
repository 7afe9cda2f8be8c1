package dev.spillway.core.port;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
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
