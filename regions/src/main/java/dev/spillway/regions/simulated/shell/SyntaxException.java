package dev.spillway.regions.simulated.shell;

/** A script that this shell does not understand. */
final class SyntaxException extends Exception {
    SyntaxException(String message) {
        super(message);
    }

    static SyntaxException of(char what) {
        return new SyntaxException("syntax error: '%c' is not understood here".formatted(what));
    }

    /** Never null. */
    String message() {
        return String.valueOf(getMessage());
    }
}
