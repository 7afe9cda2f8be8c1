package dev.spillway.core.model;

import java.time.Duration;

/**
 * A definite no to one request for an instance: nothing was created. The kind says what to do next, and whom it concerns; the text is for people only.
 *
 * <p>{@link Invalid} and {@link Unprepared} concern the one request, and their text is shown to its pod alone. All others concern an offer or a
 * whole region, and their text is shown to everybody who waits for that, whatever the namespace: it must not say anything of a single pod.
 */
public sealed interface Refusal {
    /** For people; who sees it depends on the kind. */
    String message();

    /** The offer has no capacity now. */
    record OutOfStock(String message) implements Refusal {}

    /** The region does not sell this offer. */
    record NotOffered(String message) implements Refusal {}

    /** The account's quota is reached; more stock would not help. */
    record QuotaReached(String message) implements Refusal {}

    /** Too many calls; ask nothing before {@code retryAfter} has passed. */
    record Throttled(Duration retryAfter, String message) implements Refusal {}

    /** Credentials are missing, wrong or lack a permission. */
    record Unauthorised(String message) implements Refusal {}

    /** The request itself can never succeed. */
    record Invalid(String message) implements Refusal {}

    /**
     * What the pod needs in the region, such as a Secret, could not be had where it comes from, so that the region was not asked for an instance. That says
     * nothing about the region, neither that it answers nor that it does not, nor about other pods; the same request may succeed a little later.
     */
    record Unprepared(String message) implements Refusal {}

    /** The region could not be reached at all; the request was certainly not delivered. */
    record Unavailable(String message) implements Refusal {}
}
