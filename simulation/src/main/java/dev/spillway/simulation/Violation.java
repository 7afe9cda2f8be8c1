package dev.spillway.simulation;

import java.util.List;

/**
 * A promise that was broken.
 *
 * @param invariant its number in docs/specification/invariants.md; {@code CRASH} where the engine itself threw
 * @param atMillis virtual time since the start of the run
 * @param what in words
 * @param subjects the pods (by UID), instances and processes concerned
 */
public record Violation(String invariant, long atMillis, String what, List<String> subjects) {
    public Violation {
        subjects = List.copyOf(subjects);
    }
}
