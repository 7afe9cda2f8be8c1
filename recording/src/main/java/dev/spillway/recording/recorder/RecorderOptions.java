package dev.spillway.recording.recorder;

import java.nio.file.Path;

/**
 * What is recorded, and where to. Immutable.
 *
 * @param folder of the files; made where it is missing, and of one process at a time
 * @param bytes most that is kept of one engine, compressed
 * @param files most recordings that stay in the folder; the oldest go first
 */
public record RecorderOptions(Mode mode, Path folder, long bytes, int files) {
    /** Kept in memory unless told otherwise: about 200,000 events, or with 2,000 pods at rest an hour (docs/replay.md). */
    public static final long MEMORY_BYTES = 16L << 20;

    /** Most of one file unless told otherwise. */
    public static final long FILE_BYTES = 256L << 20;

    /** Recordings that stay, unless told otherwise. */
    public static final int FILES = 5;

    /** Where a recording goes. */
    public enum Mode {
        /** Nothing is recorded. */
        OFF,
        /** The last events of each engine stay in memory; where it throws, they are written to a file. */
        MEMORY,
        /** Each engine has a file of its own from its start on. Once that is full, it goes on as in {@link #MEMORY}. */
        FILE
    }

    public RecorderOptions {
        if (bytes <= 0 || files <= 0) {
            throw new IllegalArgumentException("%d bytes and %d files: both must be positive.".formatted(bytes, files));
        }
    }

    /** Nothing is recorded. */
    public static RecorderOptions off() {
        return new RecorderOptions(Mode.OFF, Path.of(""), MEMORY_BYTES, FILES);
    }

    /** In memory, with the defaults. */
    public static RecorderOptions memory(Path folder) {
        return new RecorderOptions(Mode.MEMORY, folder, MEMORY_BYTES, FILES);
    }

    /** To files, with the defaults. */
    public static RecorderOptions file(Path folder) {
        return new RecorderOptions(Mode.FILE, folder, FILE_BYTES, FILES);
    }
}
