package dev.spillway.embedded.structure;

/** An object does not fit the structure of its type. The message is what the API server says of it. */
public final class UndecodableException extends RuntimeException {

    UndecodableException(String message) {
        super(message, null, false, false);
    }

    /** What the API server says. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
