package dev.spillway.kube.http;

import java.io.IOException;
import java.io.InputStream;

/** The ways in which a message's end is known. Each reads from a {@link Wire}; not thread-safe, as the wire. */
final class Bodies {
    private Bodies() {}

    /** A body of known length. */
    static final class Fixed extends InputStream {
        private final Wire wire;
        private int left;

        Fixed(Wire wire, int length) {
            this.wire = wire;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            left--;
            return wire.readByte();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int count = wire.read(target, offset, Math.min(length, left));
            left -= count;
            return count;
        }
    }

    /** A body in chunks, RFC 9112 section 7.1. */
    static final class Chunked extends InputStream {
        private final Wire wire;
        private int left;
        private boolean first = true;
        private boolean ended;

        Chunked(Wire wire) {
            this.wire = wire;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = wire.read(target, offset, Math.min(length, left));
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (ended) {
                return;
            }
            if (!first) {
                wire.line(); // the end of the chunk before
            }
            first = false;
            var size = wire.line();
            int extension = size.indexOf(';');
            left = Wire.number(extension < 0 ? size : size.substring(0, extension), 16);
            if (left == 0) {
                ended = true;
                while (!wire.line().isEmpty()) {
                    // trailers
                }
            }
        }
    }

    /** Whatever comes until the other side ends. */
    static final class Rest extends InputStream {
        private final Wire wire;

        Rest(Wire wire) {
            this.wire = wire;
        }

        @Override
        public int read() throws IOException {
            return wire.isAtEnd() ? -1 : wire.readByte();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            return wire.isAtEnd() ? -1 : wire.read(target, offset, length);
        }
    }
}
