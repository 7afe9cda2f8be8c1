package dev.spillway.embedded.store;

import dev.spillway.embedded.api.ResourceType;
import java.util.List;

/**
 * What a store is made with.
 *
 * @param seed decides UIDs and generated names
 * @param types what is served; namespaces must be among them
 * @param historyPerType how many changes of a type are kept at least; older ones are compacted away, as etcd does by time
 */
public record StoreSettings(long seed, List<ResourceType> types, int historyPerType) {

    /** Enough for a client that reconnects within minutes on a busy cluster; chosen. */
    private static final int DEFAULT_HISTORY = 10_000;

    /** Copies the list. */
    public StoreSettings {
        types = List.copyOf(types);
        if (!types.contains(ResourceType.NAMESPACES)) {
            throw new IllegalArgumentException(
                    "The types (%s) must contain namespaces, in which others live.".formatted(types));
        }
        if (historyPerType < 1) {
            throw new IllegalArgumentException("The historyPerType (%d) must be positive.".formatted(historyPerType));
        }
    }

    /** The types Spillway works with. */
    public static StoreSettings standard(long seed) {
        return new StoreSettings(seed, ResourceType.standard(), DEFAULT_HISTORY);
    }
}
