package dev.spillway.bench.spill;

/** Why a benchmark could not be carried out, in one line for the person who started it. */
final class BenchmarkException extends RuntimeException {
    BenchmarkException(String message) {
        super(message);
    }

    BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }
}
