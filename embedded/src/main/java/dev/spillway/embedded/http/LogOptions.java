package dev.spillway.embedded.http;

import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Query;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a log is asked for: PodLogOptions.
 *
 * @param since lines from then on only
 * @param tail so many of the last lines only
 */
record LogOptions(
        @Nullable String container,
        boolean follow,
        boolean previous,
        boolean timestamps,
        @Nullable Instant since,
        @Nullable Long tail) {

    static LogOptions of(Query query, Instant now) {
        if (query.text("limitBytes") != null) {
            throw Failure.notSupported("The option (limitBytes) of a log");
        }
        return new LogOptions(
                query.text("container"),
                query.isSet("follow"),
                query.isSet("previous"),
                query.isSet("timestamps"),
                since(query, now),
                query.number("tailLines"));
    }

    private static @Nullable Instant since(Query query, Instant now) {
        Long seconds = query.number("sinceSeconds");
        String time = query.text("sinceTime");
        if (seconds != null) {
            return now.minusSeconds(seconds);
        }
        try {
            return time == null ? null : Instant.parse(time);
        } catch (DateTimeParseException malformed) {
            throw Failure.badRequest(
                    "The option (sinceTime) must be a time as in RFC 3339, but is (%s).".formatted(time));
        }
    }
}
