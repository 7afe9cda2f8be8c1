package dev.spillway.bench;

/** Why a benchmark could not be carried out, in one line for the person who started it. */
public final class BenchmarkException extends RuntimeException {
    /** With what went wrong and what may be done. */
    public BenchmarkException(String message) {
        super(message);
    }

    /** The same, with what it came of. */
    public BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }
}
