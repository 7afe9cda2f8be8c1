package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.backend.BackendFactory;
import dev.spillway.app.backend.ServedBackends;
import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Instance;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BackendsTest {
    private static final Region.Backend FIRST = new Region.Backend("Simulated", "http://127.0.0.1:8087", 1000);
    private static final Region.Backend OTHER_PORT = new Region.Backend("Simulated", "http://127.0.0.1:8088", 1000);
    private static final Region.Backend OTHER_TIMEOUT = new Region.Backend("Simulated", "http://127.0.0.1:8087", 2000);
    private static final Event OPENED = new Event.BackendOpened(Samples.REGION, FakeBackend.CAPABILITIES);

    private record Opened(Region.Backend settings, FakeBackend backend) {}

    private final BlockingQueue<Event> facts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Opened> opened = new LinkedBlockingQueue<>();
    private final AtomicInteger failuresLeft = new AtomicInteger();
    private final Backends backends =
            new Backends(new Opener(), new Doubling(Duration.ofMillis(1), Duration.ofMillis(10)));
    private Backends.Regions regions = backends.attach(facts::add);

    private final class Opener implements Backends.Opener {
        @Override
        public String problem(Region.Backend settings) {
            return ServedBackends.ALL.problem(settings);
        }

        @Override
        public BackendFactory.Opened open(RegionId region, Region.Backend settings) {
            if (failuresLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("planted");
            }
            var backend = new FakeBackend(() -> {});
            opened.add(new Opened(settings, backend));
            return new BackendFactory.Opened(backend);
        }
    }

    @AfterEach
    void close() {
        backends.close();
    }

    private static Event.RegionSeen seen(long generation, Region.Backend settings) {
        return new Event.RegionSeen(Samples.region(generation, settings), "");
    }

    @Test
    void opensTheBackendAndTellsTheEngineAfterTheRegion() throws InterruptedException {
        regions.seen(seen(1, FIRST));

        assertThat(Awaited.next(facts)).isEqualTo(seen(1, FIRST));
        assertThat(Awaited.next(facts)).isEqualTo(OPENED);
        assertThat(backends.of(Samples.REGION)).isSameAs(Awaited.next(opened).backend());
    }

    @Test
    void aChangeOfAnythingElseOpensNothing() throws InterruptedException {
        openFirst();

        regions.seen(seen(2, FIRST));

        assertThat(Awaited.next(facts)).isEqualTo(seen(2, FIRST));
        assertThat(facts).as("told again").isEmpty();
        assertThat(opened).as("opened again").isEmpty();
    }

    @Test
    void anotherEndpointOrDeadlineOpensAnewAndClosesTheOneBefore() throws InterruptedException {
        var before = openFirst();

        for (var settings : new Region.Backend[] {OTHER_PORT, OTHER_TIMEOUT}) {
            regions.seen(seen(2, settings));

            assertThat(Awaited.next(facts)).isEqualTo(seen(2, settings));
            assertThat(Awaited.next(facts)).isEqualTo(OPENED);
            var now = Awaited.next(opened);
            assertThat(now.settings()).isEqualTo(settings);
            assertThat(backends.of(Samples.REGION)).isSameAs(now.backend());
            var replaced = before;
            Awaited.until("the one before is closed", () -> replaced.closed);
            before = now.backend();
        }
    }

    @Test
    void triesAgainWhereOpeningFails() throws InterruptedException {
        failuresLeft.set(3);

        openFirst();

        assertThat(failuresLeft).hasValue(0);
    }

    @Test
    void aTypeThatIsNotServedIsTheRegionsProblem() throws InterruptedException {
        for (var type : new String[] {"AlibabaCloud", "Tape"}) {
            var region = Samples.region(1, new Region.Backend(type, "", 1000));

            regions.seen(new Event.RegionSeen(region, ""));

            assertThat(Awaited.next(facts))
                    .isEqualTo(new Event.RegionSeen(
                            region,
                            "spec.backend.type is '%s', which is not served; write one that is: Kubernetes, Simulated."
                                    .formatted(type)));
        }
        assertThat(facts).isEmpty();
        assertThat(backends.of(Samples.REGION)).isNull();
    }

    @Test
    void anEndpointThatIsNoUrlIsTheRegionsProblem() throws InterruptedException {
        for (var endpoint : new String[] {"", "127.0.0.1:8087", "ftp://127.0.0.1", "http://", "http://a b"}) {
            regions.seen(seen(1, new Region.Backend("Simulated", endpoint, 1000)));

            assertThat(Awaited.next(facts))
                    .isInstanceOfSatisfying(
                            Event.RegionSeen.class,
                            seen -> assertThat(seen.problem())
                                    .startsWith("spec.backend.endpoint is '%s'; write".formatted(endpoint)));
        }
        assertThat(opened).isEmpty();
    }

    @Test
    void aProblemOfTheObjectItselfIsPassedOnAndNothingIsOpened() throws InterruptedException {
        var malformed = new Event.RegionSeen(Samples.region(1, FIRST), "spec.zones is empty");

        regions.seen(malformed);

        assertThat(Awaited.next(facts)).isEqualTo(malformed);
        assertThat(opened).isEmpty();
    }

    @Test
    void aGoneRegionKeepsItsBackendAndIsToldOfAgainWhenItComesBack() throws InterruptedException {
        var backend = openFirst();

        regions.gone(new Event.RegionGone(Samples.REGION));
        assertThat(Awaited.next(facts)).isEqualTo(new Event.RegionGone(Samples.REGION));
        assertThat(backends.of(Samples.REGION)).isSameAs(backend);
        assertThat(backend.closed).isFalse();
        regions.seen(seen(1, FIRST));

        assertThat(Awaited.next(facts)).isEqualTo(seen(1, FIRST));
        assertThat(Awaited.next(facts)).isEqualTo(OPENED);
        assertThat(opened).as("opened again").isEmpty();
    }

    @Test
    void theNextEngineIsToldOfABackendOnceItKnowsTheRegion() throws InterruptedException {
        openFirst();
        var next = new LinkedBlockingQueue<Event>();

        var ofTheEngineBefore = regions;
        regions = backends.attach(next::add);
        ofTheEngineBefore.seen(seen(7, FIRST));
        assertThat(next).isEmpty();
        regions.seen(seen(1, FIRST));

        assertThat(Awaited.next(next)).isEqualTo(seen(1, FIRST));
        assertThat(Awaited.next(next)).isEqualTo(OPENED);
        assertThat(facts).as("facts of the engine before").isEmpty();
    }

    @Test
    void reportsOfInstancesGoToThePresentEngine() throws InterruptedException {
        var backend = openFirst();
        var instance = new Instance(
                new InstanceId("i-1"),
                Samples.acquire(Samples.REGION).request().tags(),
                Instance.State.RUNNING,
                1,
                null,
                null,
                null,
                null,
                0,
                "",
                "");
        var next = new LinkedBlockingQueue<Event>();
        backends.attach(next::add);

        Objects.requireNonNull(backend.listener).accept(instance);

        assertThat(Awaited.next(next)).isEqualTo(new Event.InstanceReported(Samples.REGION, instance));
        assertThat(facts).isEmpty();
    }

    @Test
    void closeClosesEveryBackend() throws InterruptedException {
        var backend = openFirst();

        backends.close();

        assertThat(backend.closed).isTrue();
    }

    private FakeBackend openFirst() throws InterruptedException {
        regions.seen(seen(1, FIRST));
        assertThat(Awaited.next(facts)).isEqualTo(seen(1, FIRST));
        assertThat(Awaited.next(facts)).isEqualTo(OPENED);
        return Awaited.next(opened).backend();
    }
}
