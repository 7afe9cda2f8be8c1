package dev.spillway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.placement.DeletionCost;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.stock.StockPicture;
import dev.spillway.recording.recorder.Recorder;
import dev.spillway.recording.recorder.RecorderOptions;
import dev.spillway.recording.recorder.RecorderOptions.Mode;
import dev.spillway.recording.recorder.Recording;
import dev.spillway.recording.replay.Replay;
import dev.spillway.recording.replay.Turns;
import dev.spillway.recording.replay.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engines of a world are recorded and replayed: equal with the same code, found and shown with one changed byte in the code that
 * decides. {@code -Dspill.seed=N -Dspill.replicas=N} takes another world.
 */
final class ReplayTest {
    private static final long SEED = Long.getLong("spill.seed", 1);
    private static final int REPLICAS = Integer.getInteger("spill.replicas", 2000);
    private static final int MANY_ENGINES = 100;

    @TempDir
    private static Path folder = Path.of("");

    private static List<Path> recordings = List.of();

    @BeforeAll
    static void record() throws IOException {
        var complaints = new CopyOnWriteArrayList<String>();
        var recorder = new Recorder(
                new RecorderOptions(Mode.FILE, folder, RecorderOptions.FILE_BYTES, MANY_ENGINES),
                "test",
                new Recorder.Listener() {
                    @Override
                    public void stopped(String why) {
                        complaints.add(why);
                    }
                });
        var open = new ArrayList<Recording>();
        var outcome = Simulation.run(SEED, SimulationOptions.spillOver(REPLICAS), (settings, now) -> {
            var recording = recorder.begin(settings, now);
            open.add(recording);
            return recording::step;
        });
        open.forEach(Recording::close);

        assertThat(outcome.isClean()).as(outcome.report()).isTrue();
        assertThat(complaints).isEmpty();
        assertThat(outcome.instances()).isGreaterThanOrEqualTo(REPLICAS);
        assertThat(outcome.faults())
                .as("what a recording should have in it")
                .containsKeys(Fault.REGION_REFUSAL, Fault.REGION_ANSWER_LOST, Fault.API_ANSWER_LOST, Fault.RESTART);
        try (var files = Files.list(folder)) {
            recordings = files.sorted().toList();
        }
        assertThat(recordings).hasSizeGreaterThan(1).hasSameSizeAs(open);
    }

    @Test
    void aRecordingOf2000PodsIsReproduced() throws IOException {
        long events = 0;
        long bytes = 0;
        for (var recording : recordings) {
            var verdict = new Replay("test", Turns::of, (done, part) -> {}).run(recording);
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Equal.class,
                            equal -> assertThat(equal.brokenOff()).isFalse());
            events += ((Verdict.Equal) verdict).events();
            bytes += Files.size(recording);
        }
        System.out.printf(
                "%d pods, %d engines: %d events replayed without a difference, %d bytes each%n",
                REPLICAS, recordings.size(), events, bytes / events);
        assertThat(events).isGreaterThan(10L * REPLICAS);
    }

    @Test
    void oneChangedByteInADeletionCostIsFoundAndShown() {
        var report = replay(new ChangedByte(DeletionCost.class, ChangedByte.Kind.CONSTANT, 0));

        System.out.println(report);
        assertThat(report)
                .contains("DIFFERS at event ")
                .contains("The event:")
                .contains("* Bind  pod default/spilling-")
                .containsPattern("\\* binding\\.\\w+\\.controller\\.kubernetes\\.io/pod-deletion-cost +2000 +2020")
                .containsPattern("Earlier events about pod default/spilling-\\S+ \\S+:")
                .containsPattern("#\\d+ \\S+ PodSeen  pod default/spilling-");
        assertThat(report.lines().filter(line -> line.strip().startsWith("* binding")))
                .as("nothing else differs")
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(classes = {StockPicture.class, UnitCounts.class})
    void oneBranchTakenTheOtherWayIsFound(Class<?> decides) {
        for (int i = 0; i < ChangedByte.count(decides, ChangedByte.Kind.BRANCH); i++) {
            var change = new ChangedByte(decides, ChangedByte.Kind.BRANCH, i);
            var report = replay(change);
            System.out.println(change + ": " + report.lines().findFirst().orElse("found nowhere"));
            if (report.contains("DIFFERS at event ")) {
                return; // not each of them makes a difference in this world
            }
        }
        throw new AssertionError("No branch of " + decides + " makes a difference.");
    }

    /** The report of the first difference; empty where there is none. */
    private static String replay(ChangedByte change) {
        for (var recording : recordings) {
            var report = change.replay(recording);
            if (!report.contains(": equal, ")) {
                return report;
            }
        }
        return "";
    }
}
