package dev.spillway.recording.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.spillway.recording.codec.Codec;
import dev.spillway.recording.codec.UnreadableException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Reads a recording from its begin to its end, compressed or as plain text. Not thread-safe. */
public final class RecordingReader implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Codec<Header> HEADERS = Codec.of(Header.class);
    private static final Codec<Line> LINES = Codec.of(Line.class);
    private static final int GZIP_MAGIC = 0x1f;

    private final Counted file;
    private final InputStream text;
    private final long size;
    private final Header header;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 12);
    private final byte[] chunk = new byte[1 << 16];
    private int from; // of what is left of the chunk
    private int to;
    private long lineNumber;
    private long sequence;
    private boolean ended;
    private boolean brokenOff;

    private RecordingReader(Counted file, InputStream text, long size, String release) throws IOException {
        this.file = file;
        this.text = text;
        this.size = size;
        this.header = readHeader(release);
    }

    /**
     * Opens a file and reads its header.
     *
     * @param release the version of this Spillway, for messages
     * @throws UnusableRecordingException where it is no recording that can be read
     */
    public static RecordingReader open(Path path, String release) throws IOException {
        var file = new Counted(Files.newInputStream(path));
        try {
            file.mark(1);
            int first = file.read();
            file.reset();
            var text = first == GZIP_MAGIC ? decompressed(file) : file;
            return new RecordingReader(file, text, Files.size(path), release);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static InputStream decompressed(InputStream file) throws IOException {
        try {
            return new GZIPInputStream(file, 1 << 16);
        } catch (EOFException | ZipException e) {
            throw new UnusableRecordingException("it is no recording: it begins as a compressed file and is none", e);
        }
    }

    /** The first line. */
    public Header header() {
        return header;
    }

    /** Number of the line read last; the header is line 1. */
    public long lineNumber() {
        return lineNumber;
    }

    /** How much of the file was read, from 0 to 1. */
    public double progress() {
        return size == 0 ? 1 : Math.min(1, file.count / (double) size);
    }

    /** Whether the file ended in the middle of something: known once {@link #next} has returned null. */
    public boolean isBrokenOff() {
        return brokenOff;
    }

    /**
     * The next line; null at the end.
     *
     * @throws UnusableRecordingException where the file is damaged
     */
    public @Nullable Line next() throws IOException {
        if (ended) {
            return null;
        }
        var state = readLine();
        if (state != State.WHOLE && line.size() == 0) {
            ended = true;
            brokenOff = true; // a recording that ends in order has a line that says so
            return null;
        }
        try {
            return accept(LINES.read(line.toByteArray()));
        } catch (UnreadableException e) {
            if (state == State.WHOLE) {
                throw new UnusableRecordingException("line %d: %s".formatted(lineNumber, e.getMessage()), e);
            }
            ended = true;
            brokenOff = true;
            return null;
        }
    }

    private Line accept(Line read) throws IOException {
        switch (read) {
            case Line.Turn turn -> follow(turn.sequence(), turn.sequence());
            case Line.Gap gap -> follow(gap.first(), gap.last());
            case Line.End end -> finish();
        }
        return read;
    }

    private void finish() throws IOException {
        ended = true;
        if (readLine() == State.WHOLE || line.size() > 0) {
            throw new UnusableRecordingException("line %d: something follows its last line".formatted(lineNumber));
        }
    }

    private void follow(long first, long last) throws UnusableRecordingException {
        if (first != sequence + 1) {
            throw new UnusableRecordingException("line %d: event %d follows event %d; lines are missing or out of order"
                    .formatted(lineNumber, first, sequence));
        }
        sequence = last;
    }

    private Header readHeader(String release) throws IOException {
        if (readLine() == State.NOTHING) {
            throw new UnusableRecordingException("it is empty");
        }
        var bytes = line.toByteArray();
        int format = format(bytes);
        if (format != Header.FORMAT) {
            throw new UnusableRecordingException(
                    "it has format %d, and Spillway %s reads format %d; replay it with the release that wrote it"
                            .formatted(format, release, Header.FORMAT));
        }
        try {
            return HEADERS.read(bytes);
        } catch (UnreadableException e) {
            throw new UnusableRecordingException("line 1, its header: " + e.getMessage(), e);
        }
    }

    /** The number that every format, also a later one, begins with. */
    private static int format(byte[] bytes) throws IOException {
        try (var parser = JSON.createParser(bytes)) {
            if (parser.nextToken() == JsonToken.START_OBJECT
                    && "recording".equals(parser.nextFieldName())
                    && parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                return parser.getIntValue();
            }
        } catch (IOException e) {
            throw new UnusableRecordingException("it is no recording: its first line is no JSON object", e);
        }
        throw new UnusableRecordingException("it is no recording: its first line does not begin with {\"recording\":");
    }

    private enum State {
        WHOLE,
        WITHOUT_END,
        NOTHING
    }

    private State readLine() throws IOException {
        line.reset();
        lineNumber++;
        try {
            while (hasMore()) {
                int end = from;
                while (end < to && chunk[end] != '\n') {
                    end++;
                }
                line.write(chunk, from, end - from);
                from = end + 1;
                if (end < to) {
                    return State.WHOLE;
                }
            }
        } catch (EOFException e) {
            brokenOff = true; // in the middle of a compressed block: what was read of it counts
        } catch (ZipException e) {
            throw new UnusableRecordingException(
                    "damaged after line %d: %s".formatted(lineNumber - 1, e.getMessage()), e);
        }
        return line.size() == 0 ? State.NOTHING : State.WITHOUT_END;
    }

    private boolean hasMore() throws IOException {
        if (from >= to) {
            from = 0;
            to = 0; // and stays so where reading fails
            to = text.read(chunk, 0, chunk.length);
        }
        return to > 0;
    }

    @Override
    public void close() throws IOException {
        text.close();
        file.close();
    }

    /** Counts what was read. */
    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(new BufferedInputStream(in, 1 << 16));
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
