package dev.spillway.clusterregion.call;

import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import java.time.Duration;

/** What a request of the region that did not succeed means for whoever acquires. */
public final class Negative {
    private static final int FIRST_RETRY_SECONDS = 1; // an API server's own, where it does not say

    private Negative() {}

    /**
     * Of a request that could not have made an instance: a server that says it cannot serve is then as good as none.
     *
     * @param right that the request took, such as {@code create on namespaces}
     */
    public static AcquireAnswer before(Reply reply, String right) {
        return reply instanceof Reply.No no && no.code() == 503
                ? new AcquireAnswer.Refused(new Refusal.Unavailable(reply.whyForAll()))
                : of(reply, right);
    }

    /** Of the request that makes the instance. */
    public static AcquireAnswer of(Reply reply, String right) {
        return switch (reply) {
            case Reply.Done done -> new AcquireAnswer.Unknown("it answered something else than was asked for");
            case Reply.Silent silent ->
                silent.isUndelivered()
                        ? new AcquireAnswer.Refused(new Refusal.Unavailable(silent.why()))
                        : new AcquireAnswer.Unknown(silent.why());
            case Reply.No no -> of(no, right);
        };
    }

    private static AcquireAnswer of(Reply.No no, String right) {
        if (no.isUnauthorised()) {
            return new AcquireAnswer.Refused(new Refusal.Unauthorised(
                    no.code() == 401
                            ? "the region's API server does not accept the credentials"
                            : "the region does not grant %s: %s".formatted(right, no.message())));
        }
        return switch (no.code()) {
            // A quota is one of these, too: it is its namespace's, and says nothing about other pods.
            case 400, 403, 409, 413, 422 -> new AcquireAnswer.Refused(new Refusal.Invalid(no.message()));
            case 404 ->
                no.isNotFound()
                        ? new AcquireAnswer.Refused(new Refusal.Invalid(no.message()))
                        : new AcquireAnswer.Unknown(no.why());
            case 429 ->
                new AcquireAnswer.Refused(new Refusal.Throttled(
                        Duration.ofSeconds(Math.max(FIRST_RETRY_SECONDS, no.retryAfterSeconds())), no.whyForAll()));
            default -> new AcquireAnswer.Unknown(no.why());
        };
    }
}
