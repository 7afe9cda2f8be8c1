package dev.spillway.recording.replay;

import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Settings;
import dev.spillway.recording.format.Line;
import dev.spillway.recording.format.RecordingReader;
import dev.spillway.recording.format.UnusableRecordingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells a new engine what a recorded one was told, and compares what they ask for. */
public final class Replay {
    private static final int LAST_EVENTS = 30;

    private final String release;
    private final Function<Settings, Turns> engines;
    private final Progress progress;

    /** How far a replay has come; called after each event. */
    @FunctionalInterface
    public interface Progress {
        /** {@code part}: of the file, from 0 to 1. */
        void at(long events, double part);
    }

    /** What became of one event. */
    private record Outcome(List<Effect> effects, @Nullable Throwable thrown) {
        static Outcome of(Turns engine, Line.Turn turn) {
            try {
                return new Outcome(engine.on(turn.event(), turn.at()), null);
            } catch (RuntimeException | Error e) {
                return new Outcome(List.of(), e);
            }
        }

        boolean isAsRecorded(Line.Turn turn) {
            return switch (turn) {
                case Line.Step step -> thrown == null && effects.equals(step.effects());
                case Line.Failure failure ->
                    thrown != null && thrown.getClass().getName().equals(failure.exception());
            };
        }
    }

    /**
     * A replay.
     *
     * @param release version of this Spillway, for messages
     * @param engines makes the engine that is compared
     */
    public Replay(String release, Function<Settings, Turns> engines, Progress progress) {
        this.release = release;
        this.engines = engines;
        this.progress = progress;
    }

    /**
     * Runs a recording up to its end or the first difference.
     *
     * @throws UnusableRecordingException where it is no recording, one of another format, or damaged
     */
    public Verdict run(Path file) throws IOException {
        try (var reader = RecordingReader.open(file, release)) {
            var engine = engines.apply(reader.header().settings());
            long events = 0;
            Line.Failure failure = null;
            for (var line = reader.next(); line != null; line = reader.next()) {
                switch (line) {
                    case Line.Gap gap -> {
                        return new Verdict.Headless(reader.header(), gap, last(reader));
                    }
                    case Line.End end -> {}
                    case Line.Turn turn -> {
                        var outcome = Outcome.of(engine, turn);
                        if (!outcome.isAsRecorded(turn)) {
                            return differs(file, reader, turn, outcome);
                        }
                        failure = turn instanceof Line.Failure it ? it : failure;
                        progress.at(++events, reader.progress());
                    }
                }
            }
            return new Verdict.Equal(reader.header(), events, failure, reader.isBrokenOff());
        }
    }

    private Verdict differs(Path file, RecordingReader reader, Line.Turn turn, Outcome outcome) throws IOException {
        var found = new Verdict.Differs(
                reader.header(), turn, reader.lineNumber(), outcome.effects(), outcome.thrown(), List.of());
        return new Verdict.Differs(
                found.header(),
                found.recorded(),
                found.lineNumber(),
                found.actual(),
                found.thrown(),
                history(file, turn, Subjects.of(found)));
    }

    /** What led to it, by reading the file once more: to remember it all along would take as much memory as the file is long. */
    private List<Line.Turn> history(Path file, Line.Turn until, Subjects subjects) throws IOException {
        var history = new History(subjects);
        try (var reader = RecordingReader.open(file, release)) {
            for (var line = reader.next(); line != null; line = reader.next()) {
                if (line instanceof Line.Turn turn) {
                    if (turn.sequence() >= until.sequence()) {
                        break;
                    }
                    history.add(turn);
                }
            }
        }
        return history.inOrder();
    }

    private static List<Line.Turn> last(RecordingReader reader) throws IOException {
        var last = new ArrayDeque<Line.Turn>();
        for (var line = reader.next(); line != null; line = reader.next()) {
            if (line instanceof Line.Turn turn) {
                last.addLast(turn);
                if (last.size() > LAST_EVENTS) {
                    last.removeFirst();
                }
            }
        }
        return List.copyOf(last);
    }
}
