package dev.spillway.regions.running;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** What became of a {@link StreamRequest}. */
public sealed interface StreamAnswer {
    /** It is open. The receiver closes it. */
    record Opened(Stream stream) implements StreamAnswer {}

    /**
     * There is none.
     *
     * @param code HTTP status that says why: 400 for options that make no sense, 404, 501, 503 where the region is silent, 504 ...
     * @param message one line for people
     */
    record Refused(int code, String message) implements StreamAnswer {}

    /**
     * Bytes both ways. Each direction is used by one thread at a time; any thread may close it, which ends reads and writes under way.
     */
    interface Stream extends Closeable {
        /** HTTP status of the region's answer: 200 for a log, 101 where the protocol was switched. */
        int code();

        /** Headers of the answer that concern the protocol, names in lower case. */
        Map<String, List<String>> headers();

        /** What the region sends; its end is the stream's. */
        InputStream in();

        /** What goes to the region; of a log, nothing. */
        OutputStream out();

        @Override
        void close() throws IOException;
    }
}
