package dev.spillway.core.port;

import dev.spillway.core.model.Resources;
import java.time.Duration;

/**
 * What a backend declares about itself.
 *
 * @param settle longest time after which a request in flight has taken effect and shows in find and list: longest
 *     request plus list lag
 * @param zoneCapacity capacity that each zone's virtual node shows
 */
public record Capabilities(Duration settle, Resources zoneCapacity) {}
