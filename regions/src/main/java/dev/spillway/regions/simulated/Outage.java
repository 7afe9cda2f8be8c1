package dev.spillway.regions.simulated;

import java.time.Duration;

/** What is wrong with a region as a whole; every call to it meets the same. What runs there is not touched. */
public sealed interface Outage {
    /** Nothing is wrong. */
    record None() implements Outage {}

    /** It says at once that it processes nothing. */
    record Unavailable() implements Outage {}

    /** It rejects the credentials. */
    record Unauthorised() implements Outage {}

    /** It has had too many calls and wants none before {@code retryAfter} has passed. */
    record Throttled(Duration retryAfter) implements Outage {}

    /** It takes calls and never answers; what it took it does not do. */
    record Hang() implements Outage {}
}
