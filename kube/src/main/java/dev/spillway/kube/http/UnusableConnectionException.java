package dev.spillway.kube.http;

import org.jspecify.annotations.Nullable;

/** A connection to an API server cannot be made with what was given. The message is one line for the user: what, and what to do. */
public final class UnusableConnectionException extends RuntimeException {
    /** One with that line. */
    public UnusableConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
