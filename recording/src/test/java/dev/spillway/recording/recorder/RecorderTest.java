package dev.spillway.recording.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import dev.spillway.recording.format.Header;
import dev.spillway.recording.format.Line;
import dev.spillway.recording.format.RecordingReader;
import dev.spillway.recording.recorder.RecorderOptions.Mode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecorderTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Settings SETTINGS = Settings.forCluster("cluster", "engine-1");
    private static final long PLENTY = 1 << 20;

    @TempDir
    private Path folder = Path.of("");

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private final Recorder.Listener listener = new Recorder.Listener() {
        @Override
        public void stopped(String why) {
            heard.add("stopped: " + why);
        }

        @Override
        public void full(Path file) {
            heard.add("full: " + file.getFileName());
        }

        @Override
        public void failed(Path file, boolean whole) {
            heard.add((whole ? "whole" : "its last events") + ": " + file.getFileName());
        }
    };

    @Test
    void aFileHasSettingsAndEveryStep() throws IOException {
        try (var recording = begin(Mode.FILE, PLENTY, 5, 1)) {
            steps(recording, 1000);
        }

        var file = onlyFile();
        try (var reader = RecordingReader.open(file, "test")) {
            assertThat(reader.header()).isEqualTo(new Header("test", START, SETTINGS.heldBy("engine-1")));
        }
        var lines = lines(file);
        assertThat(lines).hasSize(1001);
        assertThat(lines.get(999)).isEqualTo(new Line.Step(1000, at(1000), event(1000), effects(1000)));
        assertThat(lines.getLast()).isEqualTo(new Line.End("the engine was ended"));
        assertThat(heard).isEmpty();
    }

    @Test
    void aFileIsItsOwnersAlone() throws IOException {
        begin(Mode.FILE, PLENTY, 5, 1).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyFile())))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "FILE"})
    void aCopyHasAllThereIsAndTheRecordingGoesOn(Mode mode) throws IOException {
        List<Line> copied;
        try (var recording = begin(mode, PLENTY, 5, 1)) {
            steps(recording, 1000);
            copied = lines(copyOf(recording));
            steps(recording, 1);
            assertThat(lines(copyOf(recording))).hasSize(1002);
        }

        assertThat(copied).hasSize(1001);
        assertThat(copied.get(999)).isEqualTo(new Line.Step(1000, at(1000), event(1000), effects(1000)));
        assertThat(copied.getLast()).isEqualTo(new Line.End("a copy was asked for"));
    }

    @Test
    void ofWhatIsNotRecordedThereIsNoCopy() {
        var ended = begin(Mode.MEMORY, PLENTY, 5, 1);
        ended.close();

        assertThat(ended.copy()).isEmpty();
        assertThat(begin(Mode.OFF, PLENTY, 5, 2).copy()).isEmpty();
    }

    private Path copyOf(Recording recording) throws IOException {
        var copy = Files.createTempFile(folder, "copy", ".out");
        try (var out = Files.newOutputStream(copy)) {
            recording.copy().orElseThrow().writeTo(out);
        }
        return copy;
    }

    @Test
    void inMemoryNothingIsWrittenUntilTheEngineThrows() throws IOException {
        var recording = begin(Mode.MEMORY, PLENTY, 5, 1);
        steps(recording, 10);
        assertThat(files()).isEmpty();

        recording.failed(at(11), event(11), new IllegalStateException("impossible"));
        recording.close();

        assertThat(heard).containsExactly("whole: " + onlyFile().getFileName());
        var lines = lines(onlyFile());
        assertThat(lines).hasSize(12);
        assertThat(lines.get(10)).isInstanceOfSatisfying(Line.Failure.class, failure -> {
            assertThat(failure.sequence()).isEqualTo(11);
            assertThat(failure.exception()).isEqualTo("java.lang.IllegalStateException");
            assertThat(failure.trace().getFirst()).isEqualTo("java.lang.IllegalStateException: impossible");
            assertThat(failure.trace().get(1)).startsWith("at ").contains("RecorderTest");
        });
        assertThat(lines.getLast()).isEqualTo(new Line.End("the engine threw"));
    }

    @Test
    void memoryIsBoundedAndTheLastEventsAreKept() throws IOException {
        var recording = begin(Mode.MEMORY, 20_000, 5, 1);
        steps(recording, 20_000);
        recording.failed(at(20_001), event(20_001), new IllegalStateException("impossible"));
        recording.close();

        assertThat(heard).containsExactly("its last events: " + onlyFile().getFileName());
        assertThat(Files.size(onlyFile())).isLessThan(22_000);
        var lines = lines(onlyFile());
        assertThat(lines.getFirst()).isInstanceOfSatisfying(Line.Gap.class, gap -> {
            assertThat(gap.first()).isEqualTo(1);
            assertThat(gap.last()).isGreaterThan(5_000);
        });
        assertThat(lines.get(lines.size() - 2)).isInstanceOf(Line.Failure.class);
    }

    @Test
    void aFullFileEndsInOrderAndMemoryTakesOver() throws IOException {
        var recording = begin(Mode.FILE, 20_000, 5, 1);
        steps(recording, 20_000);
        recording.failed(at(20_001), event(20_001), new IllegalStateException("impossible"));
        recording.close();

        var files = files();
        assertThat(files).hasSize(2);
        assertThat(Files.size(files.get(1))).isLessThan(21_000);
        assertThat(heard)
                .containsExactly(
                        "full: " + files.get(1).getFileName(),
                        "its last events: " + files.get(0).getFileName());
        assertThat(lines(files.get(1)).getLast()).isEqualTo(new Line.End("the file is as large as it may be"));
        assertThat(lines(files.get(0)).getFirst()).isInstanceOf(Line.Gap.class);
    }

    @Test
    void theOldestFilesMakeRoom() throws IOException {
        for (int i = 1; i <= 6; i++) {
            begin(Mode.FILE, PLENTY, 3, i).close();
            for (var file : files()) { // modification times would be the same
                Files.setLastModifiedTime(
                        file,
                        FileTime.from(
                                Files.getLastModifiedTime(file).toInstant().minusSeconds(10)));
            }
        }

        var holders = new ArrayList<String>();
        for (var file : files()) {
            try (var reader = RecordingReader.open(file, "test")) {
                holders.add(reader.header().settings().holder());
            }
        }
        assertThat(holders).containsExactlyInAnyOrder("engine-4", "engine-5", "engine-6");
    }

    @Test
    void offRecordsNothing() throws IOException {
        try (var recording = begin(Mode.OFF, PLENTY, 5, 1)) {
            steps(recording, 10);
            recording.failed(at(11), event(11), new IllegalStateException());
        }

        assertThat(files()).isEmpty();
    }

    @Test
    void aFolderThatCannotBeUsedStopsTheRecordingAndSaysSoOnce() throws IOException {
        var occupied = Files.writeString(folder.resolve("occupied"), "");
        var recorder = new Recorder(new RecorderOptions(Mode.FILE, occupied, PLENTY, 5), "test", listener);
        try (var recording = recorder.begin(SETTINGS, START)) {
            steps(recording, 10_000);
        }

        assertThat(heard).singleElement().asString().startsWith("stopped: ").contains(occupied + " cannot be used");
    }

    @Test
    void aFullDiskStopsTheRecordingAndSaysSoOnce() throws IOException {
        var full = new Folder(folder, 5) {
            @Override
            OutputStream open(Path file) throws IOException {
                return Files.newOutputStream(Path.of("/dev/full"));
            }
        };
        var options = new RecorderOptions(Mode.FILE, folder, PLENTY, 5);
        var store = new Store(options, full, new Header("test", START, SETTINGS), listener);
        var recording = new BackgroundRecording(store, listener, BackgroundRecording.MOST_QUEUED);
        recording.start();
        steps(recording, 10_000);
        recording.close();

        assertThat(heard).singleElement().asString().contains("cannot be written: No space left on device");
    }

    @Test
    void whoeverCannotKeepUpStopsWithWhatIsWhole() throws IOException {
        var options = new RecorderOptions(Mode.FILE, folder, PLENTY, 5);
        var store = new Store(options, new Folder(folder, 5), new Header("test", START, SETTINGS), listener);
        var recording = new BackgroundRecording(store, listener, 100);
        steps(recording, 150); // its thread does not run yet
        recording.start();
        recording.close();

        assertThat(heard).containsExactly("stopped: the recorder fell behind by 100 events");
        var lines = lines(onlyFile());
        assertThat(lines).hasSize(101);
        assertThat(lines.getLast()).isEqualTo(new Line.End("the recorder fell behind by 100 events"));
    }

    private Recording begin(Mode mode, long bytes, int files, int engine) {
        return new Recorder(new RecorderOptions(mode, folder, bytes, files), "test", listener)
                .begin(SETTINGS.heldBy("engine-" + engine), START);
    }

    private static void steps(Recording recording, int count) {
        IntStream.rangeClosed(1, count).forEach(i -> recording.step(at(i), event(i), effects(i)));
    }

    private static Instant at(int i) {
        return START.plusMillis(i);
    }

    private static Event event(int i) {
        return new Event.NamespaceGone("namespace-" + Integer.toHexString(i * 0x9E3779B9));
    }

    private static List<Effect> effects(int i) {
        return List.of(new Effect.WakeAt(at(i).plusSeconds(1)), new Effect.ListPods("namespace-" + i));
    }

    private Path onlyFile() throws IOException {
        assertThat(files()).hasSize(1);
        return files().getFirst();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private static List<Line> lines(Path file) throws IOException {
        var lines = new ArrayList<Line>();
        try (var reader = RecordingReader.open(file, "test")) {
            for (var line = reader.next(); line != null; line = reader.next()) {
                lines.add(line);
            }
            assertThat(reader.isBrokenOff()).isFalse();
        }
        return lines;
    }
}
