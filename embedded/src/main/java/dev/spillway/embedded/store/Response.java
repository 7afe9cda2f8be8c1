package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param code the HTTP status code
 * @param body frozen: it refuses changes, and may be kept and shared
 * @param warnings texts of {@code Warning} headers, such as {@code unknown field "spec.colour"}
 */
public record Response(int code, ObjectNode body, List<String> warnings) implements Reply {

    /** Freezes the body, and copies the warnings. */
    public Response {
        body = Trees.freeze(body);
        warnings = List.copyOf(warnings);
    }

    /** An answer without warnings. */
    public Response(int code, ObjectNode body) {
        this(code, body, List.of());
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
