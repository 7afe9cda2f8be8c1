package dev.spillway.app.doctor;

import java.time.Duration;
import java.time.Instant;

/** How far a clock is from an API server's, which tells whole seconds only. Pure. */
final class ClockSkew {
    /** More than whole seconds and the pace of renewals explain. */
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    private ClockSkew() {}

    /**
     * How far ahead a clock is of the server's, negative where it is behind; as much of it as is certain.
     *
     * @param date the server's, cut to seconds, of a moment between the other two
     */
    static Duration ahead(Instant date, Instant before, Instant after) {
        var latest = date.plusSeconds(1);
        if (before.isAfter(latest)) {
            return Duration.between(latest, before);
        }
        return after.isBefore(date) ? Duration.between(date, after) : Duration.ZERO;
    }

    /** Whether somebody should be told. */
    static boolean matters(Duration ahead) {
        return ahead.abs().compareTo(TOLERATED) > 0;
    }

    /** Such as {@code 12 s ahead of}. */
    static String text(Duration ahead) {
        return "%d s %s".formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of");
    }
}
