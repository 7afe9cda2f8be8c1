package dev.spillway.regions.simulated.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** Writes a container's log to somebody, at their pace: what they do not take yet is not made yet. */
public final class LogStream {
    private static final int PIECE = 8 * 1024;

    private final ContainerLife life;
    private final LogOptions options;
    private final OutputStream out;
    private final LogText text;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE);
    private long bytesLeft;

    private LogStream(ContainerLife life, LogOptions options, OutputStream out) {
        this.life = life;
        this.options = options;
        this.out = out;
        this.text = new LogText(life.now());
        this.bytesLeft = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    /**
     * Writes what is wanted; returns when that is done, with {@link LogOptions#follow} when the container is over. Lines of a time that is yet
     * to come are not waited for where they are not the next ones.
     *
     * @throws IOException of {@code out}, which ends the stream
     */
    public static void write(ContainerLife life, LogOptions options, OutputStream out)
            throws IOException, InterruptedException {
        if (!options.stderr()) {
            new LogStream(life, options, out).write();
        }
    }

    private void write() throws IOException, InterruptedException {
        long next = text.first(options, lines());
        boolean follow = options.follow() && next <= lines() + 1;
        boolean isOver;
        do {
            // Asked before the lines are counted: of a container that is over, no line is missed.
            isOver = life.isOver();
            long last = lines();
            while (next <= last && bytesLeft > 0) {
                add(text.line(next++, options.timestamps()));
            }
            send();
            if (follow && !isOver && bytesLeft > 0) {
                life.await(text.writtenAt(next));
            }
        } while (follow && !isOver && bytesLeft > 0);
    }

    private long lines() {
        Instant time = life.time();
        return text.linesBy(life.now(), time);
    }

    private void add(byte[] line) throws IOException {
        int length = (int) Math.min(bytesLeft, line.length);
        piece.write(line, 0, length);
        bytesLeft -= length;
        if (piece.size() >= PIECE) {
            send();
        }
    }

    private void send() throws IOException {
        if (piece.size() > 0) {
            piece.writeTo(out);
            piece.reset();
            out.flush();
        }
    }
}
