package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One event of a watch.
 *
 * @param object frozen; the new state, the last state of a deleted object, for a bookmark only a resourceVersion, for an error a
 *     Status
 */
public record WatchEvent(Type type, ObjectNode object) {

    /** What happened. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        /** The watch ends with this event. */
        ERROR
    }
}
