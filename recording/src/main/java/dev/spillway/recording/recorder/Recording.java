package dev.spillway.recording.recorder;

import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The recording of one engine. Called by the one thread that owns the engine, which it neither keeps waiting nor disturbs by an
 * exception: what cannot be recorded ends the recording.
 */
public interface Recording extends AutoCloseable {
    /** Of an engine that is not recorded. */
    Recording NONE = new Recording() {
        @Override
        public void step(Instant now, Event event, List<Effect> effects) {}

        @Override
        public void failed(Instant now, Event event, Throwable thrown) {}

        @Override
        public Optional<Copy> copy() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    };

    /**
     * A recording as far as it has come, which {@code spillway replay} reads: a file, and bytes that follow what is in it.
     *
     * @param file null where nothing is in a file; grows on behind {@code fileBytes}
     * @param fileBytes how much of the file belongs to the copy
     * @param blocks what follows
     */
    record Copy(@Nullable Path file, long fileBytes, List<byte[]> blocks) {
        public Copy {
            blocks = List.copyOf(blocks);
        }

        /** Writes all of it. */
        public void writeTo(OutputStream out) throws IOException {
            if (file != null) {
                try (var in = Files.newInputStream(file)) {
                    var buffer = new byte[1 << 16];
                    long left = fileBytes;
                    while (left > 0) {
                        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                        if (read < 0) {
                            throw new EOFException(file + " is shorter than it was");
                        }
                        out.write(buffer, 0, read);
                        left -= read;
                    }
                }
            }
            for (var block : blocks) {
                out.write(block);
            }
        }
    }

    /** The engine was told this and returned that. Neither may change any more. */
    void step(Instant now, Event event, List<Effect> effects);

    /** The engine threw, and is not asked again. */
    void failed(Instant now, Event event, Throwable thrown);

    /** What is kept up to now; may be called by any thread, and waits for it at most 5 s. Empty where nothing is recorded, or no more. */
    Optional<Copy> copy();

    /** Ends it, by whichever thread, and waits for what is under way, at most 5 s. */
    @Override
    void close();
}
