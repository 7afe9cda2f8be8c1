package dev.spillway.core.model;

import java.time.Duration;

/** A region's definite no: nothing was created. The kind says what to do next; the text is for people only. */
public sealed interface Refusal {
    /** Text of the region, for people. */
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

    /** The region could not be reached at all; the request was certainly not delivered. */
    record Unavailable(String message) implements Refusal {}
}
