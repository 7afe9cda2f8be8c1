package dev.spillway.app.doctor;

/** The user may not see what a check looks at. The message is one line without an end: who may not do what. */
final class NotAllowedException extends RuntimeException {
    NotAllowedException(String message) {
        super(message);
    }
}
