package dev.spillway.regions.protocol;

/** Something read from outside is not what it should be. The message names the thing and what to do, in one line. */
public final class MalformedException extends IllegalArgumentException {
    private final String message;

    /** With a message for whoever wrote the thing. */
    public MalformedException(String message) {
        super(message);
        this.message = message;
    }

    /** With the reason. */
    public MalformedException(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
