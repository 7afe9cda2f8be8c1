package dev.spillway.embedded.store;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The place of an object among those of its type.
 *
 * <p>Ordered by namespace, then name: the order of a list.
 *
 * @param namespace empty for cluster-scoped types
 */
record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    private static final Comparator<ObjectKey> ORDER =
            Comparator.comparing(ObjectKey::namespace).thenComparing(ObjectKey::name);

    static ObjectKey of(@Nullable String namespace, String name) {
        return new ObjectKey(namespace == null ? "" : namespace, name);
    }

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }
}
