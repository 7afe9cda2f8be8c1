package dev.spillway.app.cli;

import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.recording.recorder.RecorderOptions;
import dev.spillway.recording.recorder.RecorderOptions.Mode;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how engines are recorded. */
public final class RecordingOption {
    private static final int MEGABYTE = 1 << 20;
    private static final long MOST_MEGABYTES = 1 << 20;

    @Option(
            names = "--record",
            paramLabel = "off|memory|file",
            description =
                    "How decisions are recorded, for 'spillway replay': not at all; the last ones in memory, written"
                            + " to a file where a bug stops the engine; or all to a file. Default: ${DEFAULT-VALUE}.",
            defaultValue = "memory")
    private String mode = "";

    @Option(
            names = "--record-folder",
            paramLabel = "FOLDER",
            description =
                    "Where such files are; of one controller. Default: folder 'spillway' among the temporary files.")
    private @Nullable Path folder;

    @Option(
            names = "--record-size",
            paramLabel = "MB",
            description = "Most that is kept from one start or takeover on. Default: 16 in memory, 256 in a file.")
    private @Nullable Long megabytes;

    @Option(
            names = "--record-files",
            paramLabel = "N",
            description = "Most files that are kept; the oldest go first. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + RecorderOptions.FILES)
    private int files;

    /** What was asked for. */
    RecorderOptions options() {
        var how = parse(mode);
        long usual = how == Mode.FILE ? RecorderOptions.FILE_BYTES : RecorderOptions.MEMORY_BYTES;
        if (megabytes != null && (megabytes < 1 || megabytes > MOST_MEGABYTES)) {
            throw new CommandException("--record-size %d must be from 1 to %d.".formatted(megabytes, MOST_MEGABYTES));
        }
        if (files < 1) {
            throw new CommandException("--record-files %d must be 1 or more.".formatted(files));
        }
        return new RecorderOptions(
                how,
                folder == null ? ControllerOptions.RECORDINGS : folder,
                megabytes == null ? usual : megabytes * MEGABYTE,
                files);
    }

    private static Mode parse(String text) {
        try {
            return Mode.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new CommandException("--record %s must be off, memory or file.".formatted(text), e);
        }
    }
}
