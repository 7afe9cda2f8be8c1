package dev.spillway.simulation;

import java.util.List;

/** Ends a run at the moment at which a promise was broken. */
final class ViolationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String invariant;
    private final transient List<String> subjects;

    ViolationException(String invariant, String what, String... subjects) {
        super(what);
        this.invariant = invariant;
        this.subjects = List.of(subjects);
    }

    Violation at(long millis) {
        return new Violation(invariant, millis, String.valueOf(getMessage()), subjects);
    }
}
