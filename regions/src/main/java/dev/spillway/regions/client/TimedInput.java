package dev.spillway.regions.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/**
 * What comes from a socket, with a deadline for all reads together and not for each. Not thread-safe, but closing the socket ends a read
 * in any thread.
 */
final class TimedInput {
    /** A deadline that never comes. */
    static final LongSupplier UNLIMITED = () -> Long.MAX_VALUE;

    private static final int BUFFER = 16 * 1024;
    private static final int LONGEST_LINE = 16 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private LongSupplier nanosLeft;

    TimedInput(Socket socket, LongSupplier nanosLeft) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.nanosLeft = nanosLeft;
    }

    /** Sets the deadline of the reads that follow. */
    void limit(LongSupplier left) {
        nanosLeft = left;
    }

    /** Up to {@code length} bytes, at least one; -1 where the other side has ended. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == limit && !fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    /** A line without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int next = one(); next != '\n'; next = one()) {
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line of the answer is too long");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private int one() throws IOException {
        if (position == limit && !fill()) {
            throw new EOFException("the answer ended in the middle");
        }
        return buffer[position++] & 0xff;
    }

    private boolean fill() throws IOException {
        socket.setSoTimeout(millis(nanosLeft.getAsLong()));
        int count = in.read(buffer);
        position = 0;
        limit = Math.max(0, count);
        return count > 0;
    }

    /** As a socket wants it, where 0 is without limit. */
    static int millis(long nanos) throws SocketTimeoutException {
        if (nanos <= 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        return nanos == Long.MAX_VALUE ? 0 : (int) Math.min(Integer.MAX_VALUE, 1 + nanos / 1_000_000);
    }
}
