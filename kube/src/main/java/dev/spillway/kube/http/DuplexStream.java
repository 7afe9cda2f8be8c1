package dev.spillway.kube.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a server answered to a request for another protocol. With code 101 it carries that protocol's bytes both ways, for as long as
 * both sides want; with any other one {@link #in} is the answer's body, and nothing can be written. One thread may read while another writes;
 * any thread may close it, which ends both.
 */
public final class DuplexStream implements AutoCloseable {
    private static final int LONGEST_ERROR = 4096;

    private final Wire wire;
    private final Wire.Head head;
    private final InputStream in;
    private final OutputStream out;
    private final Runnable onClose;

    DuplexStream(Wire wire, Wire.Head head, InputStream in, OutputStream out, Runnable onClose) {
        this.wire = wire;
        this.head = head;
        this.in = in;
        this.out = out;
        this.onClose = onClose;
    }

    /** HTTP status. */
    public int code() {
        return head.code();
    }

    /** Whether the protocol was switched: 101. */
    public boolean isOpen() {
        return head.code() == Wire.SWITCHING_PROTOCOLS;
    }

    /** The answer's headers, names in lower case, each with its values in order. */
    public Map<String, List<String>> headers() {
        return head.headers();
    }

    /** What the server sends, without a limit of time once it is open; its end is the server's. */
    public InputStream in() {
        return in;
    }

    /** What goes to the server, each write at once. Its close tells the server that nothing more comes, and leaves {@link #in} open. */
    public OutputStream out() {
        return out;
    }

    /** The start of the body as text, for an answer that is not 101. */
    public String errorText() throws IOException {
        var text = new String(in.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        return wire.access().withoutCredentials(text);
    }

    /** Ends the connection. */
    @Override
    public void close() {
        onClose.run();
        wire.close();
    }
}
