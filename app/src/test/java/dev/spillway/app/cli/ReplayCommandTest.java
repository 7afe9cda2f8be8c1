package dev.spillway.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.Main;
import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import dev.spillway.recording.recorder.Recorder;
import dev.spillway.recording.recorder.RecorderOptions;
import dev.spillway.recording.recorder.RecorderOptions.Mode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String WOKEN = "2026-01-01T00:00:00.200Z";
    private static final String WOKEN_LATER = "2026-01-01T00:00:00.300Z";

    @TempDir
    private Path folder = Path.of("");

    private record Ran(int code, String out, String err) {}

    private static Ran replay(Path... files) {
        var out = new StringWriter();
        var err = new StringWriter();
        var args = new String[files.length + 1];
        args[0] = "replay";
        for (int i = 0; i < files.length; i++) {
            args[i + 1] = files[i].toString();
        }
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void aRecordingOfThisReleaseIsEqual() throws IOException {
        var ran = replay(recording());

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(ran.out()).contains(": equal, 3 events;").endsWith("1 passed, 0 failed" + System.lineSeparator());
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void aDifferenceIsShownAndHasACodeOfItsOwn() throws IOException {
        var ran = replay(recording(), edited());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains("edited: DIFFERS at event 3 (line 4);", "* at     %s  %s".formatted(WOKEN_LATER, WOKEN))
                .endsWith("1 passed, 1 failed" + System.lineSeparator());
    }

    @Test
    void whatCannotBeUsedIsSaidAndHasACodeOfItsOwn() throws IOException {
        var rubbish = Files.writeString(folder.resolve("rubbish"), "rubbish");
        var missing = folder.resolve("missing");
        var ran = replay(rubbish, missing, folder, recording());

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out())
                .contains(rubbish + ": cannot be used: it is no recording")
                .contains(missing + ": there is no such file")
                .contains(folder + ": cannot be read: ")
                .endsWith("1 passed, 3 failed" + System.lineSeparator());
        assertThat(replay(rubbish, edited()).code()).as("a difference is worse").isEqualTo(1);
    }

    /** An engine hears of a namespace, of a region, and that this is all. */
    private Path recording() throws IOException {
        var into = Files.createTempDirectory(folder, "recordings");
        var settings = Settings.forCluster("cluster", "engine");
        var engine = new Engine(settings);
        var zones = List.of(new ZoneId("near-a"));
        var region = new Region(
                new RegionId("near"),
                1,
                0,
                false,
                zones,
                List.of(),
                List.of("*"),
                false,
                10,
                new Region.Backend("Simulated", "https://near.example", 1000));
        var recorder =
                new Recorder(new RecorderOptions(Mode.FILE, into, 1 << 20, 1), "0.1.0", new Recorder.Listener() {});
        try (var recording = recorder.begin(settings, START)) {
            for (var event : List.of(
                    new Event.NamespaceSeen("demo", Labels.empty()),
                    new Event.RegionSeen(region, ""),
                    new Event.ClusterListed())) {
                recording.step(START, event, engine.on(event, START));
            }
        }
        try (var files = Files.list(into)) {
            return files.findFirst().orElseThrow();
        }
    }

    /** The same, as plain text, where the engine is said to have asked for something else. */
    private Path edited() throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(recording()))) {
            var text = new String(in.readAllBytes(), UTF_8);
            assertThat(text).containsOnlyOnce(WOKEN);
            return Files.writeString(folder.resolve("edited"), text.replace(WOKEN, WOKEN_LATER));
        }
    }
}
