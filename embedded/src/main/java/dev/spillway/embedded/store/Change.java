package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a type's history.
 *
 * @param version the version it was made at; rising within a history
 * @param before the state it replaced; null for a new object
 * @param after the state it left; null for a deletion
 * @param shown what a watcher is shown: the new state, or the last one under the version of its deletion
 */
record Change(
        long version,
        ObjectKey key,
        @Nullable ObjectNode before,
        @Nullable ObjectNode after,
        ObjectNode shown) {}
