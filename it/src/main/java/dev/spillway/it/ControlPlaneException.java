package dev.spillway.it;

/**
 * A control plane that could not be obtained, started or kept running. The message names the program or the file and
 * says what to do, or quotes what the program said last.
 */
public final class ControlPlaneException extends RuntimeException {

    public ControlPlaneException(String message) {
        super(message);
    }

    public ControlPlaneException(String message, Throwable cause) {
        super(message, cause);
    }
}
