package dev.spillway.clusterregion.call;

import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import java.time.Duration;

/**
 * What a request that did not succeed means for whoever acquires. All answers that close a region or an offer to everybody are made here, for what they
 * say is shown to pods of every namespace: never a server's own words, which may be about one tenant's pod.
 */
public final class Negative {
    private static final int FIRST_RETRY_SECONDS = 1; // an API server's own, where it does not say

    /** When a momentary no may be worth another request. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final String SOMETHING_ELSE = "it answered something else than was asked for";

    private Negative() {}

    /**
     * Of a request of the region that could not have made an instance: a server that says it cannot serve is then as good as none.
     *
     * @param right that the request took, such as {@code create on namespaces}; it names no object
     */
    public static AcquireAnswer before(Reply reply, String right) {
        return reply instanceof Reply.No no && no.code() == 503
                ? new AcquireAnswer.Refused(new Refusal.Unavailable(reply.whyForAll()))
                : of(reply, right);
    }

    /** Of the request that makes the instance. */
    public static AcquireAnswer of(Reply reply, String right) {
        return switch (reply) {
            case Reply.Done done -> new AcquireAnswer.Unknown(SOMETHING_ELSE);
            case Reply.Silent silent ->
                silent.isUndelivered()
                        ? new AcquireAnswer.Refused(new Refusal.Unavailable(silent.why()))
                        : unknown(silent);
            case Reply.No no -> of(no, right);
        };
    }

    private static AcquireAnswer of(Reply.No no, String right) {
        if (no.isUnauthorised()) {
            return new AcquireAnswer.Refused(new Refusal.Unauthorised(
                    no.code() == 401
                            ? "the region's API server does not accept the credentials"
                            : "the region does not grant %s: %s".formatted(right, no.whyForAll())));
        }
        return switch (no.code()) {
            // A quota is one of these, too: it is its namespace's, and says nothing about other pods.
            case 400, 403, 409, 413, 422 -> invalid(no.message());
            case 404 -> no.isNotFound() ? invalid(no.message()) : unknown(no);
            case 429 ->
                new AcquireAnswer.Refused(new Refusal.Throttled(
                        Duration.ofSeconds(Math.max(FIRST_RETRY_SECONDS, no.retryAfterSeconds())), no.whyForAll()));
            default -> unknown(no);
        };
    }

    /** Of a no to the request that makes the instance, which stayed a no for as long as there was time, though a moment later it may be a yes. */
    public static AcquireAnswer momentary(Reply reply) {
        return new AcquireAnswer.Refused(new Refusal.Throttled(SOON, reply.whyForAll()));
    }

    /** Of any other request of the region without which it is not known whether there is an instance. */
    public static AcquireAnswer.Unknown unknown(Reply reply) {
        return new AcquireAnswer.Unknown(reply.whyForAll());
    }

    /** Without a reply that could tell more. */
    public static AcquireAnswer.Unknown unknown(Doubt doubt) {
        return new AcquireAnswer.Unknown(doubt.text());
    }

    /** With a reply that tells more. */
    public static AcquireAnswer.Unknown unknown(Doubt doubt, Reply reply) {
        return new AcquireAnswer.Unknown(doubt.text() + ": " + reply.whyForAll());
    }

    /**
     * The region's scheduler says that no node takes the pod, and the pod is gone from there.
     *
     * @param words its own
     */
    public static AcquireAnswer outOfStock(String words) {
        return new AcquireAnswer.Refused(new Refusal.OutOfStock(SchedulerWords.forAll(words)));
    }

    /**
     * Of a request of the home cluster, before anything is asked of the region: whatever comes of that concerns this pod alone, which is told in the
     * server's own words. A no that stays one is an invalid request; else the same request may succeed a little later.
     *
     * @param what did not succeed, such as {@code the home cluster gave no pod}
     */
    public static AcquireAnswer atHome(String what, Reply reply) {
        var why = what + ": " + (reply instanceof Reply.Done ? SOMETHING_ELSE : reply.why());
        return reply instanceof Reply.No no && no.isFinal()
                ? invalid(why)
                : new AcquireAnswer.Refused(new Refusal.Unprepared(why));
    }

    private static AcquireAnswer invalid(String why) {
        return new AcquireAnswer.Refused(new Refusal.Invalid(why));
    }
}
