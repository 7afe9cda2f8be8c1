package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.Urgency;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DispatcherTest {
    private static final Effect ANNOUNCE = new Effect.Write(Samples.ANNOUNCE);
    private static final Effect WRITE_STATUS = new Effect.Write(Samples.WRITE_STATUS);

    private final BlockingQueue<Event> answers = new LinkedBlockingQueue<>();
    private final Map<RegionId, RegionBackend> backends = new ConcurrentHashMap<>();
    private final List<Dispatcher> dispatchers = new ArrayList<>();

    private Dispatcher dispatcher(Runnable onBind, Runnable onOther) {
        var dispatcher = new Dispatcher(new FakeCluster(onBind, onOther), backends::get, answers::add);
        dispatchers.add(dispatcher);
        return dispatcher;
    }

    @AfterEach
    void stop() {
        dispatchers.forEach(Dispatcher::stop);
    }

    @Test
    void theSamplesAreAllThereIs() {
        var kinds = Arrays.stream(Effect.class.getPermittedSubclasses())
                .flatMap(kind -> kind.isInterface() ? Arrays.stream(kind.getPermittedSubclasses()) : Stream.of(kind))
                .filter(kind -> kind != Effect.WakeAt.class)
                .collect(Collectors.toSet());
        assertThat(Samples.EFFECTS.stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(kinds);
        assertThat(Samples.EFFECTS)
                .filteredOn(effect -> effect instanceof Effect.Write)
                .extracting(effect -> ((Effect.Write) effect).write().urgency())
                .containsExactly(Urgency.values());
    }

    @Test
    void everyEffectIsAnsweredExactlyOnce() throws Exception {
        backends.put(Samples.REGION, new FakeBackend(DispatcherTest::nothing));
        var dispatcher = dispatcher(DispatcherTest::nothing, DispatcherTest::nothing);

        Samples.EFFECTS.forEach(dispatcher::dispatch);

        assertThat(answered(Samples.EFFECTS.size())).containsExactlyInAnyOrderElementsOf(Samples.EFFECTS);
        dispatcher.close();
        assertThat(answers).as("answers beyond one for each effect").isEmpty();
    }

    @Test
    void aCallThatThrowsIsAnsweredUnknownAndOnce() throws Exception {
        backends.put(Samples.REGION, new FakeBackend(DispatcherTest::fail));
        var dispatcher = dispatcher(DispatcherTest::fail, DispatcherTest::fail);

        for (var effect : Samples.EFFECTS) {
            dispatcher.dispatch(effect);
            var event = Awaited.next(answers);
            assertThat(effectOf(event)).isEqualTo(effect);
            assertThat(component(event, "answer").getClass().getSimpleName())
                    .as("answer to %s", effect)
                    .isEqualTo("Unknown");
        }
        dispatcher.close();
        assertThat(answers).isEmpty();
    }

    @Test
    void aRegionThatIsNotOpenWasCertainlyNotAsked() throws InterruptedException {
        var dispatcher = dispatcher(DispatcherTest::nothing, DispatcherTest::nothing);

        dispatcher.dispatch(Samples.acquire(Samples.REGION));

        assertThat(Awaited.next(answers))
                .isInstanceOfSatisfying(
                        Event.AcquireAnswered.class,
                        answered -> assertThat(answered.answer())
                                .isInstanceOfSatisfying(
                                        AcquireAnswer.Refused.class,
                                        refused -> assertThat(refused.refusal())
                                                .isEqualTo(new Refusal.Unavailable(
                                                        "The connection to region hangzhou is not open."))));
    }

    @Test
    void slowWritesDoNotDelayABinding() throws InterruptedException {
        var held = new Semaphore(0);
        var dispatcher = dispatcher(DispatcherTest::nothing, held::acquireUninterruptibly);
        IntStream.range(0, 100).forEach(i -> dispatcher.dispatch(ANNOUNCE));

        dispatcher.dispatch(Samples.BIND);

        assertThat(Awaited.next(answers)).isEqualTo(new Event.BindAnswered(Samples.BIND, new WriteAnswer.Done()));
        held.release(100);
    }

    @Test
    void whatIsWrittenWhileABindingIsUnderWayGoesTwoAtATime() throws Exception {
        var bindHeld = new Semaphore(0);
        var othersHeld = new Semaphore(0);
        var others = new Gauge(othersHeld);
        var dispatcher = dispatcher(bindHeld::acquireUninterruptibly, others);
        dispatcher.dispatch(Samples.BIND);
        IntStream.range(0, 20).forEach(i -> dispatcher.dispatch(ANNOUNCE));

        for (int done = 0; done < 20; done++) {
            int begun = Math.min(20, done + 2);
            Awaited.until("%d writes have begun".formatted(begun), () -> others.begun.get() >= begun);
            othersHeld.release();
            Awaited.next(answers);
        }
        assertThat(others.most).hasValue(2);

        bindHeld.release();
        Awaited.next(answers);
        IntStream.range(0, 20).forEach(i -> dispatcher.dispatch(ANNOUNCE));
        Awaited.until("more than two are under way without a binding", () -> others.most.get() == 8);
        othersHeld.release(20);
        answered(20);
    }

    @Test
    void aStatusGoesBeforeTheEventsThatWait() throws Exception {
        var held = new Semaphore(0, true);
        var dispatcher = dispatcher(DispatcherTest::nothing, held::acquireUninterruptibly);
        IntStream.range(0, 50).forEach(i -> dispatcher.dispatch(ANNOUNCE));
        Awaited.until("the lane is full", () -> held.getQueueLength() == 8);

        dispatcher.dispatch(WRITE_STATUS);

        var order = new ArrayList<Effect>();
        for (int i = 0; i < 51; i++) {
            held.release();
            order.addAll(answered(1));
        }
        assertThat(order.indexOf(WRITE_STATUS))
                .as("events answered before the status, of which 8 were under way")
                .isEqualTo(8);
    }

    @Test
    void aSlowRegionDelaysNoOtherAndGetsNoMoreThan64CallsAtOnce() throws Exception {
        var held = new Semaphore(0);
        var calls = new Gauge(held);
        var slow = new RegionId("slow");
        backends.put(slow, new FakeBackend(calls));
        backends.put(Samples.REGION, new FakeBackend(DispatcherTest::nothing));
        var dispatcher = dispatcher(DispatcherTest::nothing, DispatcherTest::nothing);
        IntStream.range(0, 200).forEach(i -> dispatcher.dispatch(Samples.acquire(slow)));

        dispatcher.dispatch(Samples.acquire(Samples.REGION));
        dispatcher.dispatch(Samples.BIND);

        assertThat(answered(2)).containsExactlyInAnyOrder(Samples.acquire(Samples.REGION), Samples.BIND);
        Awaited.until("64 calls are under way", () -> calls.begun.get() >= 64);
        held.release(200);
        answered(200);
        assertThat(calls.most).hasValue(64);
    }

    @Test
    void afterTheStopNothingIsBegunOrAnswered() {
        var held = new Semaphore(0);
        var calls = new Gauge(held);
        backends.put(Samples.REGION, new FakeBackend(calls));
        var dispatcher = dispatcher(DispatcherTest::nothing, DispatcherTest::nothing);
        IntStream.range(0, 100).forEach(i -> dispatcher.dispatch(Samples.acquire(Samples.REGION)));
        Awaited.until("64 calls are under way", () -> calls.begun.get() == 64);

        dispatcher.stop();
        held.release(100);
        dispatcher.close();

        assertThat(calls.begun).hasValue(64);
        assertThat(answers).isEmpty();
    }

    private static void nothing() {}

    private static void fail() {
        throw new IllegalStateException("planted");
    }

    /** Counts the calls under way and lets each go on with one permit. */
    private static final class Gauge implements Runnable {
        private final Semaphore held;
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        Gauge(Semaphore held) {
            this.held = held;
        }

        @Override
        public void run() {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            begun.incrementAndGet();
            held.acquireUninterruptibly();
            now.decrementAndGet();
        }
    }

    /** The effects of the next answers, in the order in which they came. */
    private List<Effect> answered(int count) throws Exception {
        var effects = new ArrayList<Effect>();
        for (int i = 0; i < count; i++) {
            effects.add(effectOf(Awaited.next(answers)));
        }
        return effects;
    }

    private static Effect effectOf(Event event) throws Exception {
        return event instanceof Event.Written(ClusterWrite write, WriteAnswer _)
                ? new Effect.Write(write)
                : (Effect) component(event, "effect");
    }

    private static Object component(Event event, String name) throws Exception {
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            if (component.getName().equals(name)) {
                return component.getAccessor().invoke(event);
            }
        }
        throw new AssertionError("%s has no %s".formatted(event, name));
    }
}
