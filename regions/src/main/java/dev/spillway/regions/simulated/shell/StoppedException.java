package dev.spillway.regions.simulated.shell;

/** A command was ended from outside, as by a signal. */
final class StoppedException extends Exception {
    /** Of a command that the terminal interrupts: 128 + SIGINT. */
    static final int INTERRUPTED = 130;

    /** Of everything where the container ends: 128 + SIGKILL. */
    static final int KILLED = 137;

    private final int exitCode;

    StoppedException(int exitCode) {
        super("stopped with " + exitCode, null, false, false);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
