package dev.spillway.kube.feed;

import dev.spillway.kube.translate.Answers;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;

/** The API server answered a list or a watch with something else. */
final class BadAnswerException extends IOException {
    private final transient ApiResponse response;

    BadAnswerException(ApiResponse response) {
        super(Answers.describe(response));
        this.response = response;
    }

    /** The version asked for is too old: only a new list helps. */
    boolean isTooOld() {
        return response.code() == 410;
    }

    /** The server does not know the kind. */
    boolean isUnknownKind() {
        return response.code() == 404;
    }

    /** We may not read the kind. */
    boolean isForbidden() {
        return response.code() == 403;
    }

    /** It may be what was asked for, not the state of the server or our rights, that cannot be answered. */
    boolean isAboutTheRequest() {
        return switch (response.code()) {
            case 401, 403, 429, 503 -> false;
            default -> true;
        };
    }

    /** Seconds that the server asks to wait, 0 where it does not say. */
    long retryAfterSeconds() {
        try {
            return response.retryAfter().isEmpty() ? 0 : Long.parseLong(response.retryAfter());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
