package dev.spillway.kube.translate;

/**
 * An API server's complete answer. A connection that broke before the end of the body gives none.
 *
 * @param code HTTP status
 * @param body text of the body, JSON where the server itself answers
 * @param retryAfter value of the header of that name, empty where there was none
 */
public record ApiResponse(int code, String body, String retryAfter) {
    /** A response without that header. */
    public static ApiResponse of(int code, String body) {
        return new ApiResponse(code, body, "");
    }

    /** Without the body, which may be a Secret. */
    @Override
    public String toString() {
        return "%d with %d characters".formatted(code, body.length());
    }

    /** Whether the code says that it was done. */
    public boolean isSuccess() {
        return code >= 200 && code < 300;
    }
}
