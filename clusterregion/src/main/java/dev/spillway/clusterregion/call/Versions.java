package dev.spillway.clusterregion.call;

import com.fasterxml.jackson.databind.JsonNode;

/** Versions of objects and lists, which an API server counts up over all objects of a kind. */
public final class Versions {
    private Versions() {}

    /** An object's or a list's, -1 where it has none that is a number. */
    public static long of(JsonNode object) {
        try {
            return Long.parseLong(object.at("/metadata/resourceVersion").asText());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
