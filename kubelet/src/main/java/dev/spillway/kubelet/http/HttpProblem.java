package dev.spillway.kubelet.http;

/** A request that is answered with an error. The message is the answer: one line of plain text, with nothing in it that is not the client's business. */
public final class HttpProblem extends Exception {
    private final int code;

    /** An answer with this HTTP status. */
    public HttpProblem(int code, String message) {
        super(message);
        this.code = code;
    }

    /** HTTP status. */
    public int code() {
        return code;
    }

    /** The answer's text. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
