package dev.spillway.kube.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A response read as it comes. Read by one thread; any thread may close it, which ends a read. */
public final class ResponseStream implements AutoCloseable {
    private static final int LONGEST_ERROR = 4096;

    private final Wire wire;
    private final Wire.Head head;
    private final InputStream body;
    private final Runnable onClose;

    ResponseStream(Wire wire, Wire.Head head, InputStream body, Runnable onClose) {
        this.wire = wire;
        this.head = head;
        this.body = body;
        this.onClose = onClose;
    }

    /** HTTP status. */
    public int code() {
        return head.code();
    }

    /** Value of the Retry-After header, empty where there is none. */
    public String retryAfter() {
        return head.header("retry-after");
    }

    /** What time it was at the server, cut to seconds; empty where it does not say (RFC 9110, Date). */
    public Optional<Instant> date() {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(head.header("date"), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The body. */
    public InputStream body() {
        return body;
    }

    /** The start of the body as text, for a response that is an error. */
    public String errorText() throws IOException {
        var text = new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        return wire.access().withoutCredentials(text);
    }

    /** Ends the connection. */
    @Override
    public void close() {
        onClose.run();
        wire.close();
    }
}
