package dev.spillway.bench.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A watch of all pods on a connection of its own, whose events are counted and not read. Thread-safe. */
final class CountedWatch implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean over;

    private CountedWatch(Socket socket) {
        this.socket = socket;
    }

    /** Opens one; its first byte is here, so that nothing that happens from now on is missed. */
    static CountedWatch open(URI endpoint) throws IOException {
        var socket = new Socket(endpoint.getHost(), endpoint.getPort());
        socket.getOutputStream()
                .write(("GET /api/v1/pods?watch=true HTTP/1.1\r\nHost: " + endpoint.getAuthority()
                                + "\r\nAccept: application/json\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        var watch = new CountedWatch(socket);
        var stream = socket.getInputStream();
        if (stream.read() < 0) {
            throw new IOException("the watch was ended at once");
        }
        Thread.ofVirtual().start(() -> watch.count(stream));
        return watch;
    }

    long events() {
        return events.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** When the last event came, by {@link System#nanoTime}. */
    long lastNanos() {
        return lastNanos;
    }

    /** Whether the server has ended it. */
    boolean isOver() {
        return over;
    }

    // JSON on one line ends with a brace and a line feed; nothing else in an answer in chunks does.
    private void count(InputStream stream) {
        var buffer = new byte[BUFFER_BYTES];
        byte before = 0;
        try {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                int ends = 0;
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == '\n' && before == '}') {
                        ends++;
                    }
                    before = buffer[i];
                }
                bytes.addAndGet(read);
                if (ends > 0) {
                    lastNanos = System.nanoTime();
                    events.addAndGet(ends);
                }
            }
        } catch (IOException e) {
            // Closed by this side, or broken: over either way.
        }
        over = true;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The process ends soon.
        }
    }
}
