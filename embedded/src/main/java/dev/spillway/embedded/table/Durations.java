package dev.spillway.embedded.table;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Lengths of time in the two or three letters of a table. Rules: apimachinery {@code util/duration}, HumanDuration. */
final class Durations {

    private static final String UNKNOWN = "<unknown>";

    private Durations() {}

    /** How long ago a time of the API is; {@code <unknown>} where there is none. */
    static String since(@Nullable String time, Instant now) {
        if (time == null) {
            return UNKNOWN;
        }
        try {
            return text(Duration.between(Instant.parse(time), now));
        } catch (DateTimeException noTime) {
            return UNKNOWN;
        }
    }

    /** Such as 90s, 3m5s, 4h, 2d3h. */
    static String text(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 120) {
            return Math.max(seconds, 0) + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return both(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return both(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        long days = hours / 24;
        if (days < 8) {
            return both(days, "d", hours % 24, "h");
        }
        if (days < 730) {
            return days + "d";
        }
        long years = days / 365;
        return years < 8 ? both(years, "y", days % 365, "d") : years + "y";
    }

    private static String both(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
    }
}
