package dev.spillway.app.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot do what it was told. The message is one line for the user: what, and what to do. */
public final class CommandException extends RuntimeException {
    /** With what to say. */
    public CommandException(String message) {
        this(message, null);
    }

    /** With what to say, and the reason. */
    public CommandException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
