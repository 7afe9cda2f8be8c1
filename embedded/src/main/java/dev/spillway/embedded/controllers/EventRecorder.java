package dev.spillway.embedded.controllers;

import dev.spillway.embedded.controllers.Occurrence.Severity;
import java.time.Instant;

/** Where a controller tells what it does. Used from the store's thread only. */
@FunctionalInterface
interface EventRecorder {

    /** Forgets everything. */
    EventRecorder NONE = (occurrence, now) -> {};

    /** Tells of something that happened at a moment. An event that cannot be written is lost, as in a real cluster. */
    void record(Occurrence occurrence, Instant now);

    /** Tells of something that goes as it should. */
    default void normal(Involved about, String reason, String message, Instant now) {
        record(new Occurrence(about, Severity.NORMAL, reason, message), now);
    }

    /** Tells of something that somebody should look at. */
    default void warning(Involved about, String reason, String message, Instant now) {
        record(new Occurrence(about, Severity.WARNING, reason, message), now);
    }
}
