package dev.spillway.recording.recorder;

import dev.spillway.core.step.Settings;
import dev.spillway.recording.format.Header;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/** Records the engines of one process, one after the other or side by side. Thread-safe. */
public final class Recorder {
    private final RecorderOptions options;
    private final String release;
    private final Listener listener;

    /** Hears what a person should know, from a thread of the recorder; returns soon. */
    public interface Listener {
        /** A file of an engine that works was begun. */
        default void begun(Path file) {}

        /** No more is recorded of an engine, which goes on; {@code why} is a sentence without its full stop. */
        default void stopped(String why) {}

        /** A file is as large as it may be; from now on the last events are kept in memory. */
        default void full(Path file) {}

        /** An engine threw, and the file has what led to it; {@code whole}: from the engine's start on, so that it can be replayed. */
        default void failed(Path file, boolean whole) {}
    }

    /**
     * A recorder.
     *
     * @param release version of Spillway
     */
    public Recorder(RecorderOptions options, String release, Listener listener) {
        this.options = options;
        this.release = release;
        this.listener = listener;
    }

    /** Eight hexadecimal digits that name an engine in its recording's file name, and wherever else one has to be told from another. */
    public static String nameOf(Settings settings) {
        return HexFormat.of().toHexDigits(settings.holder().hashCode());
    }

    /**
     * Begins to record an engine that is about to be made.
     *
     * @param now the decision clock
     */
    public Recording begin(Settings settings, Instant now) {
        if (options.mode() == RecorderOptions.Mode.OFF) {
            return Recording.NONE;
        }
        var store = new Store(
                options, new Folder(options.folder(), options.files()), new Header(release, now, settings), listener);
        var recording = new BackgroundRecording(store, listener, BackgroundRecording.MOST_QUEUED);
        recording.start();
        return recording;
    }
}
