package dev.spillway.embedded.controllers;

/**
 * Something that a controller tells of.
 *
 * @param reason one word, such as {@code SuccessfulCreate}
 * @param message a sentence for people
 */
record Occurrence(Involved about, Severity severity, String reason, String message) {

    /** How much it matters, in the words of the API. */
    enum Severity {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    Occurrence withMessage(String other) {
        return new Occurrence(about, severity, reason, other);
    }
}
