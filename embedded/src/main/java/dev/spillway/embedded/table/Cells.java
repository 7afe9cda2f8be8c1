package dev.spillway.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** What the row of one type of object says, in the order of its columns. */
@FunctionalInterface
interface Cells {

    /** What a table says in place of a text that is not there. */
    String NONE = "<none>";

    /** Adds one cell for each column. */
    void add(ObjectNode object, Instant now, ArrayNode cells);

    /** The name of an object. */
    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    /** How old an object is. */
    static String age(JsonNode object, Instant now) {
        JsonNode created = object.path("metadata").get("creationTimestamp");
        return Durations.since(created == null ? null : created.asText(), now);
    }

    /** A text, or what stands for none. */
    static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }
}
