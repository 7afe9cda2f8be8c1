package dev.spillway.kube.http;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/1.1 connection: writes whole requests, reads heads and bodies. Every read that has to wait first asks how long it
 * may, so that a deadline holds for a response as a whole. Not thread-safe, but {@link #close} may be called by any thread
 * and ends a read.
 */
final class Wire implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;
    private static final int LONGEST_LINE = 64 * 1024;
    static final int SWITCHING_PROTOCOLS = 101;
    /** A limit that never comes. */
    static final LongSupplier UNLIMITED = () -> Long.MAX_VALUE;

    private final Access access;
    private final SocketChannel channel;
    private final Socket plain; // the channel's
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private LongSupplier nanosLeft = () -> 0;
    private long idleSinceNanos;

    private Wire(Access access, SocketChannel channel, Socket socket) throws IOException {
        this.access = access;
        this.channel = channel;
        this.plain = channel.socket();
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** The head of a response; header names in lower case, each with its values in order. */
    record Head(int code, TreeMap<String, List<String>> headers) {
        /** The last value of that name, empty where there is none. */
        String header(String name) {
            var values = headers.get(name);
            return values == null ? "" : values.getLast();
        }

        boolean endsConnection() {
            return header("connection").equalsIgnoreCase("close");
        }
    }

    /** Connects, within the time left. */
    static Wire connect(Access access, LongSupplier nanosLeft) throws IOException {
        var channel = SocketChannel.open();
        try {
            var plain = channel.socket();
            plain.setTcpNoDelay(true);
            plain.connect(new InetSocketAddress(access.host(), access.port()), millis(nanosLeft.getAsLong()));
            if (access.tls() == null) {
                return new Wire(access, channel, plain);
            }
            plain.setSoTimeout(millis(nanosLeft.getAsLong()));
            var tls = (SSLSocket) access.tls().createSocket(plain, access.tlsName(), access.port(), true);
            if (access.verifiesHost()) {
                var parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                tls.setSSLParameters(parameters);
            }
            tls.startHandshake();
            return new Wire(access, channel, tls);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What it was connected with. */
    Access access() {
        return access;
    }

    /** Sets the limit for the reads that follow. */
    void limit(LongSupplier left) {
        this.nanosLeft = left;
    }

    void markIdle() {
        idleSinceNanos = System.nanoTime();
    }

    /**
     * Whether another request may be sent on it: it was idle for less than the given time, and neither its end came in meanwhile nor bytes, which
     * could only be the server's goodbye. Where not, only {@link #close} is left: a byte may be lost.
     */
    boolean isFresh(long longestIdleNanos) {
        return System.nanoTime() - idleSinceNanos < longestIdleNanos && position == limit && isSilent();
    }

    /** Looks without waiting. A socket's available() tells bytes, but not the end that a server leaves behind which was killed. */
    private boolean isSilent() {
        try {
            channel.configureBlocking(false);
            boolean isSilent = channel.read(ByteBuffer.allocate(1)) == 0;
            channel.configureBlocking(true);
            return isSilent;
        } catch (IOException e) {
            return false;
        }
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /**
     * Reads a response's head; informational ones (1xx) are skipped, but not 101, which is final: what follows is of another protocol. {@link
     * NoResponseException} where not one byte came.
     */
    Head readHead() throws IOException {
        if (position == limit && !fill()) {
            throw new NoResponseException();
        }
        while (true) {
            var status = line();
            if (!status.startsWith("HTTP/1.") || status.length() < 12) {
                throw new IOException("The server does not speak HTTP/1.1: " + status);
            }
            int code = number(status.substring(9, 12), 10);
            var headers = new TreeMap<String, List<String>>();
            for (var line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.computeIfAbsent(
                                    line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                            .add(line.substring(colon + 1).strip());
                }
            }
            if (code >= 200 || code == SWITCHING_PROTOCOLS) {
                return new Head(code, headers);
            }
        }
    }

    /** The body that follows a head; its end leaves the connection ready for the next response. */
    InputStream body(Head head) throws IOException {
        if (head.code() == 204 || head.code() == 304) {
            return new Bodies.Fixed(this, 0);
        }
        if (head.header("transfer-encoding").equalsIgnoreCase("chunked")) {
            return new Bodies.Chunked(this);
        }
        var length = head.header("content-length");
        if (length.isEmpty()) {
            throw new IOException("The server's response has no length.");
        }
        return new Bodies.Fixed(this, number(length, 10));
    }

    /** The body of an answer that is the last on its connection: it may also end with it. */
    InputStream lastBody(Head head) throws IOException {
        boolean told = head.headers().containsKey("content-length")
                || head.headers().containsKey("transfer-encoding")
                || head.code() == 204
                || head.code() == 304;
        return told ? body(head) : rest();
    }

    /** Everything that still comes, until the other side ends. */
    InputStream rest() {
        return new Bodies.Rest(this);
    }

    /** What goes out; its close says that nothing more will, and leaves the other direction open. */
    OutputStream out() {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                socket.shutdownOutput();
            }
        };
    }

    /** Lets the system find out, within hours, that the other side is gone without a goodbye: for connections that may be silent for ever. */
    void keepAlive() throws IOException {
        plain.setKeepAlive(true);
    }

    @Override
    public void close() {
        try {
            plain.close(); // not the TLS socket, whose close would wait for a lock or the peer
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private boolean fill() throws IOException {
        long left = nanosLeft.getAsLong();
        if (left <= 0) {
            throw new SocketTimeoutException("The deadline has passed.");
        }
        socket.setSoTimeout(millis(left));
        int read = in.read(buffer);
        position = 0;
        limit = Math.max(0, read);
        return read > 0;
    }

    /** Whether the other side has ended; waits for its next byte where it must. */
    boolean isAtEnd() throws IOException {
        return position == limit && !fill();
    }

    int readByte() throws IOException {
        if (position == limit && !fill()) {
            throw new EOFException("The server closed the connection in the middle of a response.");
        }
        return buffer[position++] & 0xff;
    }

    /** At least one byte, at most {@code length}. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit && !fill()) {
            throw new EOFException("The server closed the connection in the middle of a response.");
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    String line() throws IOException {
        var line = new StringBuilder(80);
        for (int next = readByte(); next != '\n'; next = readByte()) {
            if (next != '\r') {
                line.append((char) next);
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("The server sent a header line without end.");
            }
        }
        return line.toString();
    }

    static int number(String text, int radix) throws IOException {
        try {
            return Integer.parseUnsignedInt(text.strip(), radix);
        } catch (NumberFormatException e) {
            throw new IOException("The server sent \"%s\" where a number was expected.".formatted(text), e);
        }
    }

    /** As a socket wants it: 0 is without limit. */
    private static int millis(long nanos) throws SocketTimeoutException {
        if (nanos == Long.MAX_VALUE) {
            return 0;
        }
        if (nanos <= 0) {
            throw new SocketTimeoutException("The deadline has passed.");
        }
        return (int) Math.min(Integer.MAX_VALUE, 1 + nanos / 1_000_000);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The connection ended before the first byte of a response: on a kept connection, most likely idle for too long. */
    static final class NoResponseException extends EOFException {
        NoResponseException() {
            super("The server closed the connection without a response.");
        }
    }
}
