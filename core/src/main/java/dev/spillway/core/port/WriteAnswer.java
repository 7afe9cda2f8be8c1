package dev.spillway.core.port;

/** The outcome of a write to the API server. */
public sealed interface WriteAnswer {
    /** Written. */
    record Done() implements WriteAnswer {}

    /** 409: the object is not as the write assumed (bound already, deleting, another UID, a newer version). */
    record Conflict(String message) implements WriteAnswer {}

    /** 404: the object does not exist. */
    record Gone() implements WriteAnswer {}

    /** Any other definite refusal (400, 403, 422): the same write will fail again. */
    record Refused(int code, String message) implements WriteAnswer {}

    /** No answer that can be trusted: it may have been written. */
    record Unknown(String why) implements WriteAnswer {}
}
