package dev.spillway.embedded.http;

import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Query;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.structure.GoTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a log is asked for: PodLogOptions. Rules: kubernetes {@code pkg/apis/core/validation}, ValidatePodLogOptions.
 *
 * @param since lines from then on only
 * @param tail so many of the last lines only
 * @param bytes so many of the first bytes of what is left
 */
record LogOptions(
        @Nullable String container,
        boolean follow,
        boolean previous,
        boolean timestamps,
        @Nullable Instant since,
        @Nullable Long tail,
        @Nullable Long bytes) {

    private static final ResourceType OPTIONS =
            new ResourceType("", "v1", "podlogoptions", "PodLogOptions", ResourceType.Scope.NAMESPACED);

    /**
     * Reads them.
     *
     * @param pod the name of the pod, for what is wrong
     * @throws Failure 400 for what cannot be read, 422 for what may not be asked
     */
    static LogOptions of(Query query, String pod, Instant now) {
        Long bytes = number(query, "limitBytes");
        Long seconds = number(query, "sinceSeconds");
        Instant time = time(query);
        Long tail = number(query, "tailLines");
        var causes = new Causes();
        if (tail != null && tail < 0) {
            causes.invalid("tailLines", tail, "must be greater than or equal to 0");
        }
        if (bytes != null && bytes < 1) {
            causes.invalid("limitBytes", bytes, "must be greater than 0");
        }
        if (seconds != null && time != null) {
            causes.forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified");
        } else if (seconds != null && seconds < 1) {
            causes.invalid("sinceSeconds", seconds, "must be greater than 0");
        }
        if (query.isGiven("stream")) {
            causes.forbidden("stream", "may not be specified"); // feature PodLogsQuerySplitStreams is off
        }
        causes.throwIfAny(OPTIONS, pod);
        return new LogOptions(
                query.text("container"),
                query.isSet("follow"),
                query.isSet("previous"),
                query.isSet("timestamps"),
                seconds == null ? time : now.minusSeconds(Math.min(seconds, now.getEpochSecond())),
                tail,
                bytes);
    }

    /** Unlike options of other requests, these may not be empty. */
    private static @Nullable Long number(Query query, String option) {
        if ("".equals(query.values().get(option))) {
            throw Failure.badRequest("strconv.ParseInt: parsing \"\": invalid syntax");
        }
        return query.number(option);
    }

    private static @Nullable Instant time(Query query) {
        String text = query.text("sinceTime");
        if (text == null) {
            return null;
        }
        String wrong = GoTime.SECONDS.wrong(text);
        if (wrong != null) {
            throw Failure.badRequest(wrong);
        }
        return GoTime.SECONDS.instant(text);
    }
}
