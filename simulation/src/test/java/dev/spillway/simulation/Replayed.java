package dev.spillway.simulation;

import dev.spillway.recording.replay.Replay;
import dev.spillway.recording.replay.Report;
import dev.spillway.recording.replay.Turns;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** Replays by whichever core its class loader has. */
public final class Replayed {
    private Replayed() {}

    /** What is printed of a recording. */
    public static String report(Path recording) throws IOException {
        var text = new StringWriter();
        new Report(new PrintWriter(text))
                .print(
                        String.valueOf(recording.getFileName()),
                        new Replay("test", Turns::of, (events, part) -> {}).run(recording));
        return text.toString();
    }
}
