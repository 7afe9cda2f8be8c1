package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.FakeApiServer;
import dev.spillway.app.controller.Controller.State;
import dev.spillway.app.controller.ControllerOptions.Election;
import dev.spillway.app.monitoring.Meters;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import dev.spillway.recording.recorder.RecorderOptions;
import dev.spillway.recording.replay.Replay;
import dev.spillway.recording.replay.Turns;
import dev.spillway.recording.replay.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ControllerTest {
    private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/spillway-system/leases/spillway";

    private record Taken(int engine, Event event) {}

    @TempDir
    private Path folder = Path.of("");

    private final FakeApiServer server = new FakeApiServer().withEmptyCluster();
    private final BlockingQueue<Settings> engines = new LinkedBlockingQueue<>();
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final AtomicInteger enginesThatThrow = new AtomicInteger();
    private final AtomicInteger enginesThatCannotBegin = new AtomicInteger();

    @AfterEach
    void close() {
        server.close();
    }

    private Controller start(Election election) throws IOException {
        var options = ControllerOptions.of(server.kubeconfig(folder))
                .with(election)
                .withSchedulerName("ours")
                .withRecording(RecorderOptions.memory(recordings()));
        return Controller.start(options, new Meters(new SimpleMeterRegistry()), this::engine, Seams.NONE);
    }

    private Path recordings() {
        return folder.resolve("recordings");
    }

    private Decisions engine(Settings settings) {
        engines.add(settings);
        int number = engines.size();
        if (enginesThatCannotBegin.getAndDecrement() > 0) {
            throw new NoClassDefFoundError("planted");
        }
        return new Decisions((event, now) -> turn(number, event), () -> 0);
    }

    private List<Effect> turn(int engine, Event event) {
        taken.add(new Taken(engine, event));
        if (enginesThatThrow.getAndDecrement() > 0) {
            throw new IllegalStateException("planted");
        }
        return List.of();
    }

    @Test
    void leadsOnceItsEngineWasToldOfTheWholeCluster() throws Exception {
        try (var controller = start(Election.NONE)) {
            assertThat(controller.awaitLeading(Duration.ofSeconds(30))).isTrue();

            assertThat(Awaited.next(taken)).isEqualTo(new Taken(1, new Event.ClusterListed()));
            var settings = Awaited.next(engines);
            assertThat(settings.clusterId()).as("UID of namespace kube-system").isEqualTo("cluster-1");
            assertThat(settings.schedulerName()).isEqualTo("ours");
            assertThat(controller.silentFor()).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void anEngineThatThrewIsReplacedByOneThatIsToldEverythingAnew() throws Exception {
        enginesThatThrow.set(1);
        try (var controller = start(Election.NONE)) {
            assertThat(Awaited.next(taken)).isEqualTo(new Taken(1, new Event.ClusterListed()));
            assertThat(Awaited.next(taken)).isEqualTo(new Taken(2, new Event.ClusterListed()));

            Awaited.until("the new engine leads", () -> controller.state() == State.LEADING);
            assertThat(engines).hasSize(2);
        }
    }

    @Test
    void anEngineThatCannotBeginLeavesNoLeaderThatDoesNothing() throws Exception {
        enginesThatCannotBegin.set(1);
        try (var controller = start(Election.NONE)) {
            Awaited.until("it knows that it is idle", () -> controller.idleFor().isPositive());
            Awaited.until("another engine leads", () -> controller.state() == State.LEADING);

            assertThat(engines).hasSize(2);
            assertThat(controller.idleFor()).isZero();
        }
    }

    @Test
    void whatLedToAnEnginesFailureIsInAFileThatReplays() throws Exception {
        enginesThatThrow.set(1);
        try (var controller = start(Election.NONE)) {
            Awaited.next(taken);
            Awaited.next(taken);
            Awaited.until("the new engine leads", () -> controller.state() == State.LEADING);
        }

        try (var files = Files.list(recordings())) {
            var verdict = new Replay("test", settings -> new ThrowsAtOnce(), (events, part) -> {})
                    .run(files.findFirst().orElseThrow());
            assertThat(verdict).isInstanceOfSatisfying(Verdict.Equal.class, equal -> {
                assertThat(equal.header().settings()).isEqualTo(engines.peek());
                assertThat(equal.failure()).isNotNull().satisfies(failure -> {
                    assertThat(failure.event()).isEqualTo(new Event.ClusterListed());
                    assertThat(failure.trace().getFirst()).isEqualTo("java.lang.IllegalStateException: planted");
                });
            });
        }
    }

    @Test
    void whatAnEngineThatWorksHasDecidedReplays() throws Exception {
        try (var controller = start(Election.NONE)) {
            assertThat(controller.awaitLeading(Duration.ofSeconds(30))).isTrue();
            assertThat(Awaited.next(taken)).isEqualTo(new Taken(1, new Event.ClusterListed()));
            var snapshot = folder.resolve("snapshot.jsonl.gz");
            try (var out = Files.newOutputStream(snapshot)) {
                controller.recorded().orElseThrow().writeTo(out);
            }

            var verdict = new Replay("test", settings -> (event, now) -> List.of(), (events, part) -> {}).run(snapshot);
            assertThat(verdict).isInstanceOfSatisfying(Verdict.Equal.class, equal -> {
                assertThat(equal.header().settings()).isEqualTo(engines.peek());
                assertThat(equal.failure()).isNull();
            });
        }
    }

    private static final class ThrowsAtOnce implements Turns {
        @Override
        public List<Effect> on(Event event, Instant now) {
            throw new IllegalStateException("again");
        }
    }

    @Test
    void noEngineIsMadeWhileAnotherHoldsTheLease() throws Exception {
        server.answers(LEASE, 200, """
            {"metadata": {"name": "spillway", "resourceVersion": "7"},
             "spec": {"holderIdentity": "another", "leaseDurationSeconds": 15}}
            """);

        try (var controller = start(Election.BY_LEASE)) {
            assertThat(controller.awaitLeading(Duration.ofSeconds(1))).isFalse();
            assertThat(controller.state()).isEqualTo(State.STANDBY);
            assertThat(engines).isEmpty();
        }
    }

    @Test
    void nothingIsTakenAfterTheClose() throws Exception {
        var controller = start(Election.NONE);
        assertThat(controller.awaitLeading(Duration.ofSeconds(30))).isTrue();

        controller.close();
        controller.close();

        assertThat(controller.state()).isEqualTo(State.CLOSED);
        assertThat(controller.awaitLeading(Duration.ofSeconds(30))).isFalse();
    }
}
