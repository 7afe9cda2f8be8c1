package dev.spillway.trials.scenario.file;

import java.nio.file.Path;

/** A scenario file cannot be used. The message is one line: file, line, what is wrong and what is allowed. */
public final class MalformedScenarioException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** About a line, from 1. */
    public MalformedScenarioException(Path file, int line, String problem) {
        super("%s:%d: %s".formatted(file, line, problem));
    }

    /** About the file as a whole. */
    public MalformedScenarioException(Path file, String problem) {
        super("%s: %s".formatted(file, problem));
    }
}
