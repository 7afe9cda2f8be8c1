package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A text is not what it should be. The message says where in it, as a JSON pointer, and what is wrong there. */
public final class UnreadableException extends IOException {
    /** With what is wrong. */
    public UnreadableException(String message) {
        this(message, null);
    }

    /** With what is wrong, and the reason. */
    public UnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static UnreadableException at(JsonParser parser, String message) {
        return at(parser, message, null);
    }

    static UnreadableException at(JsonParser parser, String message, @Nullable Throwable cause) {
        var pointer = parser.getParsingContext().pathAsPointer().toString();
        return new UnreadableException((pointer.isEmpty() ? "" : pointer + ": ") + message, cause);
    }
}
