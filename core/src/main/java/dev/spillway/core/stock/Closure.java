package dev.spillway.core.stock;

/** Why an offer or a region is not asked for a while. Only the first is about stock (design section 3, "Stock picture"). */
public enum Closure {
    /** Refused: out of stock. */
    SOLD_OUT,
    /** The region says it does not sell this. */
    NOT_OFFERED,
    /** The account's quota is reached. */
    QUOTA,
    /** The region throttles us. */
    THROTTLED,
    /** The region does not accept our credentials. */
    UNAUTHORISED,
    /** The region cannot be reached. */
    UNAVAILABLE,
    /** The region gave no answer that can be trusted. */
    SILENT
}
