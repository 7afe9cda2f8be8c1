package dev.spillway.app.cluster;

import org.jspecify.annotations.Nullable;

/** A cluster is not as it must be, or does not answer. The message is one line for the user: what, and what to do. */
public final class ClusterException extends RuntimeException {
    /** With what to say. */
    public ClusterException(String message) {
        this(message, null);
    }

    /** With what to say, and the reason. */
    public ClusterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
