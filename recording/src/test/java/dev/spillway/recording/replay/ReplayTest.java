package dev.spillway.recording.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import dev.spillway.recording.format.UnusableRecordingException;
import dev.spillway.recording.recorder.Recorder;
import dev.spillway.recording.recorder.RecorderOptions;
import dev.spillway.recording.recorder.RecorderOptions.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Settings SETTINGS = Settings.forCluster("cluster", "engine-1");
    private static final String FAILURE = "pod-8";

    @TempDir
    private Path folder = Path.of("");

    /** Binds the pods that are gone, of all things: it keeps count, so that what it does depends on all that it was told. */
    private static final class Toy implements Turns {
        private final int costOfSeventh;
        private int count;

        Toy(int costOfSeventh) {
            this.costOfSeventh = costOfSeventh;
        }

        @Override
        public List<Effect> on(Event event, Instant now) {
            if (!(event instanceof Event.PodGone(PodKey pod, PodUid uid))) {
                return List.of();
            }
            count++;
            if (count == 8) {
                throw new IllegalStateException("eight is impossible");
            }
            var cost = Labels.of("cost", Integer.toString(count == 7 ? costOfSeventh : count));
            return List.of(
                    new Effect.Write(new ClusterWrite.Annotate(pod, uid, Labels.of("seen", "yes"))),
                    new Effect.Bind(new Binding(pod, uid, new NodeName("node-" + count), cost, Labels.empty())),
                    new Effect.WakeAt(now.plusSeconds(1)));
        }
    }

    @Test
    void theSameEngineDoesTheSame() throws IOException {
        var verdict = replay(record(7), new Toy(7));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Equal.class, equal -> {
            assertThat(equal.events()).isEqualTo(14);
            assertThat(equal.header().settings()).isEqualTo(SETTINGS);
            assertThat(equal.brokenOff()).isFalse();
            assertThat(equal.failure()).isNull();
        });
        assertThat(print(verdict))
                .startsWith("FILE: equal, 14 events; recorded by Spillway test, engine engine-1, from ");
    }

    @Test
    void theFirstDifferenceIsShownWithWhatLedToIt() throws IOException {
        var verdict = replay(record(7), new Toy(1007));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Differs.class, differs -> {
            assertThat(differs.recorded().sequence()).isEqualTo(14);
            assertThat(differs.lineNumber()).isEqualTo(15);
        });
        assertThat(print(verdict)).isEqualToNormalizingNewlines("""
            FILE: DIFFERS at event 14 (line 15); recorded by Spillway test, engine engine-1, from 2026-01-01T00:00:00Z on

            The event:
              #14 2026-01-01T00:00:14Z PodGone  pod demo/pod-7 uid-1  -> Write Annotate, Bind, WakeAt

            The effects, recorded and now; * marks what differs:
              Write Annotate  pod demo/pod-7 uid-1
            * Bind  pod demo/pod-7 uid-1
                  field                  recorded  now
                  binding.pod.namespace  demo      demo
                  binding.pod.name       pod-7     pod-7
                  binding.uid            uid-1     uid-1
                  binding.node           node-7    node-7
                * binding.labels.cost    7         1007
                  binding.annotations    {}        {}
              WakeAt

            Earlier events about pod demo/pod-7 uid-1:
              #2 2026-01-01T00:00:02Z PodGone  pod demo/pod-1 uid-1  -> Write Annotate, Bind, WakeAt
              #8 2026-01-01T00:00:08Z PodGone  pod demo/pod-4 uid-1  -> Write Annotate, Bind, WakeAt
            """);
    }

    @Test
    void effectsThatAreMissingOrNewAreMarked() throws IOException {
        var toy = new Toy(7);
        var verdict = replay(record(7), (event, now) -> {
            var effects = new ArrayList<>(toy.on(event, now));
            if (effects.size() == 3) {
                effects.removeFirst();
                effects.add(new Effect.ListInstances(new RegionId("near"), now));
            }
            return effects;
        });

        assertThat(print(verdict))
                .contains(
                        "DIFFERS at event 2 ",
                        "* recorded only: Write Annotate  pod demo/pod-1 uid-1",
                        "* write.Annotate.annotations.seen  yes       -",
                        "  Bind  pod demo/pod-1 uid-1",
                        "* now only: ListInstances  region near",
                        "* region   -         near");
    }

    @Test
    void aFailureIsReproduced() throws IOException {
        var verdict = replay(record(8), new Toy(7));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Equal.class,
                        equal -> assertThat(equal.failure()).isNotNull());
        assertThat(print(verdict))
                .contains(
                        "the engine throws as it did then, at event 16:", "IllegalStateException: eight is impossible");
    }

    @Test
    void aFailureThatDoesNotComeAgainOrIsNewIsADifference() throws IOException {
        var toy = new Toy(7);
        var repaired = replay(
                record(8),
                (event, now) ->
                        event instanceof Event.PodGone gone && isFailure(gone) ? List.of() : toy.on(event, now));
        assertThat(print(repaired)).contains("DIFFERS at event 16", "Then the engine threw:", "eight is impossible");

        var broken = replay(record(7), (event, now) -> {
            throw new ArithmeticException("broken");
        });
        assertThat(print(broken))
                .contains("DIFFERS at event 1 ", "Now the engine throws:", "ArithmeticException: broken");
    }

    private static boolean isFailure(Event.PodGone gone) {
        return gone.pod().name().equals(FAILURE);
    }

    @Test
    void aFileThatBreaksOffAnywhereIsReplayedAsFarAsItIsWhole() throws IOException {
        var whole = Files.readAllBytes(record(7));
        var cut = folder.resolve("cut");
        long most = 0;
        for (int length = 1; length < whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            try {
                var verdict = replay(cut, new Toy(7));
                assertThat(verdict)
                        .as("%d bytes", length)
                        .isInstanceOfSatisfying(
                                Verdict.Equal.class,
                                equal -> assertThat(equal.brokenOff()).isTrue());
                long events = ((Verdict.Equal) verdict).events();
                assertThat(events).isGreaterThanOrEqualTo(most);
                most = events;
                assertThat(print(verdict)).contains("the file breaks off after event %d ".formatted(events));
            } catch (UnusableRecordingException e) {
                assertThat(most).as("%d bytes: %s", length, e.getMessage()).isZero(); // not even the header is whole
            }
        }
        assertThat(most).isEqualTo(14);
    }

    @Test
    void aPersonMayEditPlainText() throws IOException {
        var text = plain(record(7));
        var edited = Files.writeString(folder.resolve("edited"), text.replace("node-3", "node-4"));

        assertThat(print(replay(edited, new Toy(7))))
                .contains("DIFFERS at event 6 ", "* binding.node           node-4    node-3");
    }

    @Test
    void whatIsNoRecordingIsRefused() throws IOException {
        var text = plain(record(7));
        unusable("", "it is empty");
        unusable("hello\n", "it is no recording: its first line is no JSON object");
        unusable("{\"kind\":\"Pod\"}\n", "it is no recording: its first line does not begin with {\"recording\":");
        unusable(
                text.replace("{\"recording\":1,", "{\"recording\":2,"),
                "it has format 2, and Spillway test reads format 1; replay it with the release that wrote it");
        unusable(
                text.replace("\"holder\":", "\"owner\":"),
                "line 1, its header: /settings/owner: Settings has no such field");
        unusable(text.replaceFirst("\\{\"Step\":\\{\"sequence\":5,.*\n", ""), "line 6: event 6 follows event 4");
        unusable(text.replace("\"sequence\":5,", ""), "line 6: /Step: Step lacks its field sequence");
        unusable(text.replace("\n{\"Step\":{\"sequence\":5,", "\nrubbish"), "line 6: not JSON");
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        var whole = Files.readAllBytes(record(7));
        var random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            var damaged = whole.clone();
            damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                replay(Files.write(folder.resolve("damaged"), damaged), new Toy(7));
            } catch (UnusableRecordingException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void aRecordingWithoutItsBeginIsShownAndNotReplayed() throws IOException {
        var text = plain(record(7));
        var headless = text.replaceAll("\\{\"Step\":\\{\"sequence\":[1-5],.*\n", "")
                .replaceFirst("\n", "\n{\"Gap\":{\"first\":1,\"last\":5,\"why\":\"memory is bounded\"}}\n");
        var verdict = replay(Files.writeString(folder.resolve("headless"), headless), new Toy(7));

        assertThat(print(verdict))
                .startsWith("FILE: cannot be replayed: events 1 to 5 are not in it")
                .contains(
                        "memory is bounded",
                        "its last 9 events:",
                        "#14 2026-01-01T00:00:14Z PodGone  pod demo/pod-7 uid-1");
    }

    /** The life of an engine that hears of so many pods, three UIDs in turn, each after a namespace. */
    private Path record(int pods) throws IOException {
        var into = Files.createTempDirectory(folder, "recording");
        var recorder =
                new Recorder(new RecorderOptions(Mode.FILE, into, 1 << 20, 1), "test", new Recorder.Listener() {});
        var toy = new Toy(7);
        try (var recording = recorder.begin(SETTINGS, START)) {
            for (int i = 1; i <= 2 * pods; i++) {
                var event = i % 2 == 1
                        ? new Event.NamespaceGone("demo")
                        : new Event.PodGone(new PodKey("demo", "pod-" + i / 2), new PodUid("uid-" + i / 2 % 3));
                var now = START.plusSeconds(i);
                try {
                    recording.step(now, event, toy.on(event, now));
                } catch (IllegalStateException e) {
                    recording.failed(now, event, e);
                }
            }
        }
        try (var files = Files.list(into)) {
            return files.findFirst().orElseThrow();
        }
    }

    private void unusable(String text, String message) throws IOException {
        var file = Files.writeString(folder.resolve("unusable"), text);
        assertThatThrownBy(() -> replay(file, new Toy(7)))
                .isInstanceOf(UnusableRecordingException.class)
                .hasMessageContaining(message);
    }

    private static Verdict replay(Path file, Turns engine) throws IOException {
        return new Replay(
                        "test",
                        settings -> engine,
                        (events, part) -> assertThat(part).isBetween(0.0, 1.0))
                .run(file);
    }

    private static String plain(Path file) throws IOException {
        var text = new ByteArrayOutputStream();
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            in.transferTo(text);
        }
        return text.toString(UTF_8);
    }

    private static String print(Verdict verdict) {
        var text = new StringWriter();
        new Report(new PrintWriter(text)).print("FILE", verdict);
        return text.toString();
    }
}
