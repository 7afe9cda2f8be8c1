package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param code the HTTP status code
 * @param body frozen: it refuses changes, and may be kept and shared
 */
public record Response(int code, ObjectNode body) implements Reply {

    /** Freezes the body. */
    public Response {
        body = Trees.freeze(body);
    }

    /** Whether the request was granted. */
    public boolean isSuccess() {
        return code < 300;
    }

    /** Why it was not: the reason of the Status, such as {@code Conflict}; null where it was, or the API gives none. */
    public @Nullable String reason() {
        return isSuccess() ? null : Trees.text(body, "reason");
    }

    /** The text of a Status; null where the body is an object. */
    public @Nullable String message() {
        return Trees.text(body, "message");
    }
}
