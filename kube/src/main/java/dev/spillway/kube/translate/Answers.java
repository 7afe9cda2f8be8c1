package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.WriteAnswer;
import java.io.IOException;

/**
 * What an API server's response means, by kind. A definite answer needs evidence that the API server gave it: a bare 404
 * of some proxy in between is Unknown, only a {@code Status} with reason NotFound is Gone.
 */
public final class Answers {
    private static final int LONGEST_TEXT = 300;

    private Answers() {}

    /** The meaning of a response to a write. */
    public static WriteAnswer write(ApiResponse response) {
        int code = response.code();
        if (response.isSuccess()) {
            return new WriteAnswer.Done();
        }
        var status = status(response);
        return switch (code) {
            case 404 ->
                status.path("reason").asText().equals("NotFound") ? new WriteAnswer.Gone() : unknown(response, status);
            case 409 -> new WriteAnswer.Conflict(text(response, status));
            // A patch that names another object's UID tries to change an immutable field: the object is not the one
            // meant.
            case 422 ->
                namesUid(status)
                        ? new WriteAnswer.Conflict(text(response, status))
                        : new WriteAnswer.Refused(code, text(response, status));
            // 401 ends when the credentials are renewed, 408 and 429 when the server has time: the same write may
            // succeed.
            case 401, 408, 429 -> unknown(response, status);
            default ->
                code >= 400 && code < 500
                        ? new WriteAnswer.Refused(code, text(response, status))
                        : unknown(response, status);
        };
    }

    /** The meaning of a response to a quorum read of one pod. */
    public static PodReadAnswer podRead(ApiResponse response) {
        if (response.code() == 200) {
            try {
                return new PodReadAnswer.Found(Decoder.pod(response.body()));
            } catch (IOException e) {
                return new PodReadAnswer.Unknown("The API server's pod cannot be read: " + Quoted.problem(e));
            }
        }
        var status = status(response);
        return response.code() == 404 && status.path("reason").asText().equals("NotFound")
                ? new PodReadAnswer.Gone()
                : new PodReadAnswer.Unknown(describe(response, status));
    }

    /** One line that says what the server answered; for logs and messages. */
    public static String describe(ApiResponse response) {
        return describe(response, status(response));
    }

    private static WriteAnswer unknown(ApiResponse response, JsonNode status) {
        return new WriteAnswer.Unknown(describe(response, status));
    }

    private static String describe(ApiResponse response, JsonNode status) {
        var text = text(response, status);
        var line = "The API server answered %d%s".formatted(response.code(), text.isEmpty() ? "." : ": " + text);
        return response.retryAfter().isEmpty() ? line : line + " (asks to wait " + response.retryAfter() + " s)";
    }

    private static boolean namesUid(JsonNode status) {
        for (var cause : status.path("details").path("causes")) {
            if (cause.path("field").asText().equals("metadata.uid")) {
                return true;
            }
        }
        return false;
    }

    private static String text(ApiResponse response, JsonNode status) {
        var text = status.path("message").asText("");
        if (text.isEmpty()) {
            text = response.body().strip();
        }
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }

    private static JsonNode status(ApiResponse response) {
        var body = Json.parse(response.body());
        return body.path("kind").asText().equals("Status") ? body : MissingNode.getInstance();
    }
}
