package dev.spillway.core.model;

/** Why an offer or a region is not asked for a while. Only the first is about stock (R22.8). */
public enum Closure {
    /** Refused: out of stock. */
    SOLD_OUT("SoldOut"),
    /** The region says it does not sell this. */
    NOT_OFFERED("NotOffered"),
    /** The account's quota is reached. */
    QUOTA("QuotaReached"),
    /** The region throttles us. */
    THROTTLED("Throttled"),
    /** The region does not accept our credentials. */
    UNAUTHORISED("Unauthorised"),
    /** The region cannot be reached. */
    UNAVAILABLE("Unavailable"),
    /** The region gave no answer that can be trusted. */
    SILENT("NoAnswer");

    private final String code;

    Closure(String code) {
        this.code = code;
    }

    /** Its name for programs, on pods and in a Region's status: a CamelCase word that stays the same over versions. */
    public String code() {
        return code;
    }
}
