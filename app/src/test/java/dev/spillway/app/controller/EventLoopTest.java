package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.recording.recorder.Recording;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

@Timeout(60)
final class EventLoopTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Event TIME_PASSED = new Event.TimePassed();

    private record Taken(Event event, Instant at) {}

    private final DecisionClock clock = new DecisionClock(() -> NOON);
    private final Map<Event, List<Effect>> effectsByEvent = new ConcurrentHashMap<>();
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<Effect> effects = new LinkedBlockingQueue<>();
    private final AtomicInteger bugs = new AtomicInteger();
    private final EventLoop loop =
            new EventLoop("engine", new Decisions(this::turn, () -> 7), clock, effects::add, bugs::incrementAndGet);

    private List<Effect> turn(Event event, Instant now) {
        taken.add(new Taken(event, now));
        if (event.equals(gone("broken"))) {
            throw new IllegalStateException("planted");
        }
        return effectsByEvent.getOrDefault(event, List.of());
    }

    private static Event gone(String node) {
        return new Event.NodeGone(new NodeName(node));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void givesEventsToTheEngineInOrderAndItsEffectsOn() throws InterruptedException {
        Effect first = new Effect.Write(new ClusterWrite.RemoveNode(new NodeName("first")));
        Effect second = new Effect.Write(new ClusterWrite.RemoveNode(new NodeName("second")));
        effectsByEvent.put(gone("a"), List.of(first, second));
        loop.start();

        loop.post(gone("a"));
        loop.post(gone("b"));

        assertThat(Awaited.next(taken)).isEqualTo(new Taken(gone("a"), NOON));
        assertThat(Awaited.next(taken)).isEqualTo(new Taken(gone("b"), NOON));
        assertThat(List.of(Awaited.next(effects), Awaited.next(effects))).containsExactly(first, second);
        Awaited.until("the number of waiting pods is published", () -> loop.waitingPods() == 7);
        assertThat(loop.queued()).isZero();
    }

    @Test
    void advancingTheClockWakesTheEngineAsItAsked() throws InterruptedException {
        var inAnHour = NOON.plus(Duration.ofHours(1));
        effectsByEvent.put(gone("a"), List.of(new Effect.WakeAt(inAnHour)));
        loop.start();
        loop.post(gone("a"));
        loop.post(gone("b"));
        assertThat(Awaited.next(taken).event()).isEqualTo(gone("a"));
        assertThat(Awaited.next(taken).event()).as("no wake-up before its time").isEqualTo(gone("b"));

        clock.advance(Duration.ofHours(1));

        assertThat(Awaited.next(taken)).isEqualTo(new Taken(TIME_PASSED, inAnHour));
        assertThat(effects).as("what asks to be woken goes to nobody else").isEmpty();
    }

    @Test
    void aLaterTimeIsNotLostOverAnEarlierOne() throws InterruptedException {
        effectsByEvent.put(gone("a"), List.of(new Effect.WakeAt(NOON.plusSeconds(10))));
        effectsByEvent.put(gone("b"), List.of(new Effect.WakeAt(NOON.plusSeconds(20))));
        loop.start();
        loop.post(gone("a"));
        loop.post(gone("b"));
        assertThat(Awaited.next(taken).event()).isEqualTo(gone("a"));
        assertThat(Awaited.next(taken).event()).isEqualTo(gone("b"));

        clock.advance(Duration.ofSeconds(11));
        assertThat(Awaited.next(taken)).isEqualTo(new Taken(TIME_PASSED, NOON.plusSeconds(11)));
        clock.advance(Duration.ofSeconds(9));

        assertThat(Awaited.next(taken)).isEqualTo(new Taken(TIME_PASSED, NOON.plusSeconds(20)));
    }

    @Test
    void anEngineThatThrewIsNotAskedAgain() throws InterruptedException {
        loop.start();

        loop.post(gone("broken"));
        assertThat(Awaited.next(taken).event()).isEqualTo(gone("broken"));
        Awaited.until("the bug is told", () -> bugs.get() == 1);
        loop.post(gone("a"));
        loop.close();

        assertThat(taken).isEmpty();
        assertThat(bugs).hasValue(1);
    }

    @Test
    void aTurnThatDoesNotEndIsNoticed() throws InterruptedException {
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var decisions = new Decisions(
                (event, now) -> {
                    entered.countDown();
                    awaitUninterrupted(release);
                    return List.of();
                },
                () -> 0);
        var stuck = new EventLoop("engine", decisions, clock, effects::add, bugs::incrementAndGet);
        assertThat(stuck.silentFor()).as("before it starts").isZero();
        stuck.start();
        stuck.post(gone("a"));
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

        Awaited.until("2 s without a sign", () -> stuck.silentFor().compareTo(Duration.ofSeconds(2)) > 0);
        release.countDown();
        Awaited.until("a sign again", () -> stuck.silentFor().compareTo(Duration.ofSeconds(1)) < 0);
        stuck.close();
        assertThat(stuck.silentFor()).as("after its end").isZero();
    }

    @Test
    void aLoopWithNothingToDoGivesASignEachSecond() throws InterruptedException {
        loop.start();

        TimeUnit.MILLISECONDS.sleep(2_500);

        assertThat(loop.silentFor()).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void theOldestWaitingPodIsFoundAgainThoughNothingHappens() {
        var oldest = new AtomicReference<>(Instant.ofEpochSecond(600));
        var decisions = new Decisions((event, now) -> List.of(), () -> 1, oldest::get, Recording.NONE);
        var waiting = new EventLoop("engine", decisions, clock, effects::add, bugs::incrementAndGet);
        waiting.start();
        waiting.post(gone("a"));
        Awaited.until("it is found", () -> Instant.ofEpochSecond(600).equals(waiting.oldestWaiting()));

        waiting.post(gone("b"));
        Awaited.until("the second event is taken", () -> waiting.queued() == 0);
        oldest.set(Instant.ofEpochSecond(700));

        Awaited.until("it is found again", () -> Instant.ofEpochSecond(700).equals(waiting.oldestWaiting()));
        waiting.close();
    }

    @Test
    void anEffectThatCannotBeCarriedOutEndsTheEngineAsABugOfItsOwnDoes() throws InterruptedException {
        effectsByEvent.put(gone("a"), List.of(new Effect.Write(new ClusterWrite.RemoveNode(new NodeName("n")))));
        var decisions = new Decisions(this::turn, () -> 0);
        var broken = new EventLoop(
                "engine",
                decisions,
                clock,
                effect -> {
                    throw new IllegalStateException("planted");
                },
                bugs::incrementAndGet);
        broken.start();

        broken.post(gone("a"));

        Awaited.until("the bug is told", () -> bugs.get() == 1);
        broken.close();
    }

    @Test
    void everyTurnHasACycleOfItsOwn() throws InterruptedException {
        var cycles = new LinkedBlockingQueue<String>();
        effectsByEvent.put(gone("a"), List.of(new Effect.Write(new ClusterWrite.RemoveNode(new NodeName("n")))));
        var decisions = new Decisions(
                (event, now) -> {
                    cycles.add(String.valueOf(MDC.get(Cycle.KEY)));
                    return turn(event, now);
                },
                () -> 0);
        var named = new EventLoop(
                "9ff3f240",
                decisions,
                clock,
                effect -> cycles.add("effect of " + MDC.get(Cycle.KEY)),
                bugs::incrementAndGet);
        named.start();

        named.post(gone("a"));
        named.post(gone("b"));

        assertThat(List.of(Awaited.next(cycles), Awaited.next(cycles), Awaited.next(cycles)))
                .containsExactly("9ff3f240-1", "effect of 9ff3f240-1", "9ff3f240-2");
        named.close();
    }

    @Test
    void closeWaitsForTheEventInHandAndTakesNoOther() throws InterruptedException {
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var turns = new AtomicInteger();
        var decisions = new Decisions(
                (event, now) -> {
                    entered.countDown();
                    awaitUninterrupted(release);
                    turns.incrementAndGet();
                    return List.of();
                },
                () -> 0);
        var slow = new EventLoop("engine", decisions, clock, effects::add, bugs::incrementAndGet);
        slow.start();
        slow.post(gone("a"));
        slow.post(gone("b"));
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

        slow.stop();
        release.countDown();
        slow.close();

        assertThat(turns).hasValue(1);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never released");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
