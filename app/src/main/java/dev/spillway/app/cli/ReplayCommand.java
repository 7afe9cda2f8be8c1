package dev.spillway.app.cli;

import dev.spillway.app.version.Version;
import dev.spillway.recording.format.UnusableRecordingException;
import dev.spillway.recording.replay.Replay;
import dev.spillway.recording.replay.Report;
import dev.spillway.recording.replay.Turns;
import dev.spillway.recording.replay.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code spillway replay}: runs recordings again. Exit codes: 0 all equal; 1 at least one differs; 2 none differs and at least one cannot be
 * used.
 */
@Command(
        name = "replay",
        description = {
            "Tells a new engine what a recorded one was told and compares what it decides. Prints the first difference"
                    + " of each file, and what led to it. The last line is 'N passed, N failed'.",
            "",
            "A recording is whole only together with the release that wrote it: another one may decide otherwise on"
                    + " purpose."
        },
        footer = {
            "",
            "Exit codes: 0 = all equal; 1 = at least one differs; 2 = none differs, but at least one cannot be used.",
            "",
            "Examples:",
            "  spillway controller --record file --record-folder recordings --kubeconfig FILE",
            "  spillway replay recordings/*.jsonl.gz",
            "  zcat recordings/FILE | jq -c 'select(.Step.event.PodSeen.pod.key.name == \"web-0\")'"
        },
        mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    private static final int UNUSABLE = 2;
    private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();

    private final PrintWriter out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Recordings, compressed or as plain text.")
    private List<Path> files = List.of();

    private long saidNanos = System.nanoTime();

    /** Prints to the given writer. */
    public ReplayCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        int equal = 0;
        int different = 0;
        int unusable = 0;
        for (var file : files) {
            switch (replay(file)) {
                case 0 -> equal++;
                case DIFFERENT -> different++;
                default -> unusable++;
            }
        }
        out.printf("%d passed, %d failed%n", equal, different + unusable);
        out.flush();
        return different > 0 ? DIFFERENT : unusable > 0 ? UNUSABLE : 0;
    }

    private int replay(Path file) {
        var replay = new Replay(Version.text(), Turns::of, (events, part) -> progress(file, events, part));
        try {
            var verdict = replay.run(file);
            new Report(out).print(file.toString(), verdict);
            return switch (verdict) {
                case Verdict.Equal equal -> 0;
                case Verdict.Differs differs -> DIFFERENT;
                case Verdict.Headless headless -> UNUSABLE;
            };
        } catch (UnusableRecordingException e) {
            out.printf("%s: cannot be used: %s%n", file, e.getMessage());
        } catch (NoSuchFileException e) {
            out.printf("%s: there is no such file%n", file);
        } catch (FileSystemException e) {
            out.printf("%s: cannot be read: %s%n", file, e.getReason());
        } catch (IOException e) {
            out.printf("%s: cannot be read: %s%n", file, e.getMessage());
        }
        return UNUSABLE;
    }

    /** Every two seconds, so that short ones are quiet. */
    private void progress(Path file, long events, double part) {
        long now = System.nanoTime();
        if (now - saidNanos > QUIET_NANOS) {
            saidNanos = now;
            var err = spec.commandLine().getErr();
            err.printf("%s: %,d events, %.0f %% of the file%n", file, events, 100 * part);
            err.flush();
        }
    }
}
