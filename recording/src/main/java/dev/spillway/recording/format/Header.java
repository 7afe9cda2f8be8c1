package dev.spillway.recording.format;

import dev.spillway.core.step.Settings;
import java.time.Instant;

/**
 * The first line of a recording: whose it is.
 *
 * @param recording version of the format
 * @param spillway version of the release that wrote it
 * @param begun when the engine was made, by the decision clock
 * @param settings with which it was made
 */
public record Header(int recording, String spillway, Instant begun, Settings settings) {
    /** The version of the format that this release writes and reads. */
    public static final int FORMAT = 1;

    /** Of a recording of this format. */
    public Header(String spillway, Instant begun, Settings settings) {
        this(FORMAT, spillway, begun, settings);
    }
}
