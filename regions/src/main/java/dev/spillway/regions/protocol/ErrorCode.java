package dev.spillway.regions.protocol;

import java.util.Arrays;
import java.util.Optional;

/** The errors of a region's interface. A client believes an error only where word and status go together. */
public enum ErrorCode {
    OUT_OF_STOCK("OutOfStock", 409),
    NOT_OFFERED("NotOffered", 409),
    TOKEN_SPENT("TokenSpent", 409),
    QUOTA_REACHED("QuotaReached", 403),
    THROTTLED("Throttled", 429),
    UNAUTHORISED("Unauthorised", 401),
    INVALID("Invalid", 400),
    /** The request was certainly not carried out. */
    NOT_PROCESSED("NotProcessed", 503),
    INSTANCE_NOT_FOUND("InstanceNotFound", 404),
    CONTAINER_NOT_FOUND("ContainerNotFound", 404),
    /** It has not started yet, or what is asked for takes one that has not ended. */
    CONTAINER_NOT_RUNNING("ContainerNotRunning", 400),
    /** No region of this kind does that. */
    NOT_SERVED("NotServed", 501),
    REGION_NOT_DEFINED("RegionNotDefined", 404),
    /** The changes asked for are forgotten, or are those of a server that started anew: list. */
    CHANGES_FORGOTTEN("ChangesForgotten", 410),
    /** Only of an instance that is told to end in one way and has ended. */
    ALREADY_ENDED("AlreadyEnded", 409),
    /** A bug of the server; whether the request was carried out is unknown. */
    INTERNAL("Internal", 500);

    private final String word;
    private final int status;

    ErrorCode(String word, int status) {
        this.word = word;
        this.status = status;
    }

    /** The word in the answer. */
    public String word() {
        return word;
    }

    /** The HTTP status it comes with. */
    public int status() {
        return status;
    }

    /** The code of a word that came with a status. */
    public static Optional<ErrorCode> of(String word, int status) {
        return Arrays.stream(values())
                .filter(code -> code.word.equals(word) && code.status == status)
                .findFirst();
    }
}
