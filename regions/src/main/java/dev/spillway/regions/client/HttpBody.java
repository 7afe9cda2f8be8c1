package dev.spillway.regions.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer, as its head says that it comes. Where it ends too early, reading fails. */
abstract sealed class HttpBody extends InputStream {
    private final byte[] one = new byte[1];

    /** Of so many bytes, or of chunks, or of everything until the other side ends. */
    static HttpBody of(HttpHead head, TimedInput in) throws IOException {
        if (head.last("transfer-encoding").equalsIgnoreCase("chunked")) {
            return new Chunked(in);
        }
        String length = head.last("content-length");
        return length.isEmpty() ? new Rest(in) : new Fixed(in, number(length, 10));
    }

    /** Everything until the other side ends. */
    static HttpBody rest(TimedInput in) {
        return new Rest(in);
    }

    @Override
    public final int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] target, int offset, int length) throws IOException;

    private static long number(String text, int radix) throws IOException {
        try {
            long value = Long.parseLong(text.strip(), radix);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException malformed) {
            throw new IOException("the answer has a malformed length", malformed);
        }
        throw new IOException("the answer has a malformed length");
    }

    private static final class Rest extends HttpBody {
        private final TimedInput in;

        Rest(TimedInput in) {
            this.in = in;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return in.read(target, offset, length);
        }
    }

    private static final class Fixed extends HttpBody {
        private final TimedInput in;
        private long left;

        Fixed(TimedInput in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer ended in the middle");
            }
            left -= count;
            return count;
        }
    }

    private static final class Chunked extends HttpBody {
        private final TimedInput in;
        private long left;
        private boolean begun;
        private boolean ended;

        Chunked(TimedInput in) {
            this.in = in;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0 && !ended) {
                next();
            }
            if (ended) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer ended in the middle");
            }
            left -= count;
            return count;
        }

        private void next() throws IOException {
            if (begun && !in.line().isEmpty()) {
                throw new IOException("the answer has a malformed chunk");
            }
            begun = true;
            String size = in.line();
            int extension = size.indexOf(';');
            left = number(extension < 0 ? size : size.substring(0, extension), 16);
            ended = left == 0;
        }
    }
}
