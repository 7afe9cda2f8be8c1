package dev.spillway.embedded.tree;

/**
 * A patch that cannot be applied: malformed, or it does not fit the object. The fault of whoever sent the patch; the object
 * is untouched.
 */
public final class UnusablePatchException extends RuntimeException {

    /** What the API answers such a patch with. */
    public enum Kind {
        /** The patch is not what its content type says: 400. */
        MALFORMED,
        /** The patch does not fit the object, such as a test that fails: 422. */
        DOES_NOT_FIT,
        /** An element without its merge key: the API answers 500 here, as if the fault were its own. */
        NO_MERGE_KEY
    }

    private final Kind kind;
    private final String why;

    /** For the API's answer: its kind and its text. */
    public UnusablePatchException(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.why = message;
    }

    /** What to answer with. */
    public Kind kind() {
        return kind;
    }

    /** The text of the answer. */
    public String why() {
        return why;
    }
}
