package dev.spillway.embedded.tree;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One node for equal short texts, most of the time: what thousands of objects have in common, such as {@code Running} or the time of a
 * condition. A text pushes out another one that has the same place. Thread-safe: what a thread misses is only a chance to share.
 */
final class Texts {

    /** Longer ones, such as UIDs, are seldom like another. Chosen. */
    private static final int MOST_CHARACTERS = 32;

    private static final int PLACES = 1 << 12;

    private final @Nullable JsonNode[] known = new @Nullable JsonNode[PLACES];

    /** The text itself, or an equal one. */
    JsonNode shared(JsonNode text) {
        String value = text.textValue();
        if (value.length() > MOST_CHARACTERS) {
            return text;
        }
        int hash = value.hashCode();
        int place = (hash ^ (hash >>> 16)) & (PLACES - 1);
        JsonNode there = known[place];
        if (there != null && there.textValue().equals(value)) {
            return there;
        }
        known[place] = text;
        return text;
    }
}
