package dev.spillway.recording.format;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file is no recording, one of another format, or damaged. The message says which and where. */
public final class UnusableRecordingException extends IOException {
    /** With what is wrong. */
    public UnusableRecordingException(String message) {
        this(message, null);
    }

    /** With what is wrong, and the reason. */
    public UnusableRecordingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
