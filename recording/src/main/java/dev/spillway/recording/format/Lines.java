package dev.spillway.recording.format;

import dev.spillway.recording.codec.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Lines that are about to be compressed together. One such block is a gzip member of its own, and blocks one behind the other are
 * a file: whole blocks can be left out of it, and one that breaks off spoils none before it. Not thread-safe.
 */
public final class Lines {
    /** Loaded by whoever writes first, which is a recorder's own thread. */
    private static final class Codecs {
        static final Codec<Header> HEADERS = Codec.of(Header.class);
        static final Codec<Line> LINES = Codec.of(Line.class);
    }

    private final Buffer buffer = new Buffer();

    /** Adds a header; to the first block only. */
    public void add(Header header) throws IOException {
        Codecs.HEADERS.write(header, buffer);
        buffer.write('\n');
    }

    /** Adds a line. One that cannot be written is left out, and the rest is as before. */
    public void add(Line line) throws IOException {
        int before = buffer.size();
        try {
            Codecs.LINES.write(line, buffer);
            buffer.write('\n');
        } catch (IOException | RuntimeException e) {
            buffer.cut(before);
            throw e;
        }
    }

    /** Bytes so far, before they are compressed. */
    public int size() {
        return buffer.size();
    }

    /** The block, compressed; what is added from now on is in the next one. */
    public byte[] take() throws IOException {
        var block = new ByteArrayOutputStream(buffer.size() / 8 + 64);
        try (var gzip = new Gzip(block)) {
            buffer.writeTo(gzip);
        }
        buffer.cut(0);
        return block.toByteArray();
    }

    private static final class Buffer extends ByteArrayOutputStream {
        private static final int USUAL = 1 << 20;

        void cut(int size) {
            if (size == 0 && buf.length > USUAL) {
                buf = Arrays.copyOf(buf, USUAL); // one huge list does not keep its room for ever
            }
            count = size;
        }
    }

    /** Fast: a recording is written all the time and read rarely. */
    private static final class Gzip extends GZIPOutputStream {
        Gzip(ByteArrayOutputStream out) throws IOException {
            super(out, 1 << 12);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
