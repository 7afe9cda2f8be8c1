package dev.spillway.core.port;

import dev.spillway.core.model.Resources;
import java.time.Duration;

/**
 * What a backend declares about itself.
 *
 * @param settle longest time after which a request in flight has taken effect and shows in find and list: longest
 *     request plus list lag
 * @param zoneCapacity capacity that each zone's virtual node shows
 * @param keepsEnded whether an instance whose containers have ended costs nothing and is worth keeping until its pod is deleted, as a node keeps
 *     the logs of such a pod; otherwise it is terminated as soon as the pod shows how it ended
 */
public record Capabilities(Duration settle, Resources zoneCapacity, boolean keepsEnded) {
    /** Those of a backend whose instances cost something until they are terminated. */
    public Capabilities(Duration settle, Resources zoneCapacity) {
        this(settle, zoneCapacity, false);
    }
}
