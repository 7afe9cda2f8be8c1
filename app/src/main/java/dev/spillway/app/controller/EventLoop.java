package dev.spillway.app.controller;

import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.recording.replay.Subjects;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The one thread that owns an {@link dev.spillway.core.engine.Engine}: takes events in the order in which they were posted, gives each to the engine at
 * the present instant of the decision clock, and hands the effects on before it takes the next. It keeps the instants at which the engine wants to be woken
 * itself. An engine that throws has a bug and is not asked again: what it knows may be half a truth, so whoever runs the loop starts a
 * new engine, which takes over as after a crash. {@link #post} may be called by any thread.
 */
final class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    // A wall clock that jumps ahead is noticed within this time.
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    // To find the oldest waiting pod takes a look at all of them.
    private static final long OLDEST_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Decisions engine;
    private final DecisionClock clock;
    private final Consumer<Effect> carryOut;
    private final Runnable onBug;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("event-loop").unstarted(this::run);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // an event came, the clock was advanced, or the end
    private List<Event> queue = new ArrayList<>(); // guarded by lock
    private volatile int queued;
    private volatile boolean stopped;
    private volatile int waitingPods;
    private volatile @Nullable Instant oldestWaiting;
    private volatile boolean started;
    private volatile long lastSignNanos;

    // Of the loop's thread alone.
    private final TreeSet<Instant> wakeUps = new TreeSet<>();
    private long turns;
    private long oldestAtNanos = System.nanoTime() - OLDEST_EVERY_NANOS;
    private boolean isOldestStale;

    /**
     * A loop that takes nothing before {@link #start}.
     *
     * @param name of the engine, in the ids of its turns ({@link Cycle})
     * @param engine owned by this loop from now on
     * @param carryOut takes every effect but WakeAt; must return at once
     * @param onBug called once, by the loop's thread at its end, where the engine threw
     */
    EventLoop(String name, Decisions engine, DecisionClock clock, Consumer<Effect> carryOut, Runnable onBug) {
        this.name = name;
        this.engine = engine;
        this.clock = clock;
        this.carryOut = carryOut;
        this.onBug = onBug;
    }

    void start() {
        lastSignNanos = System.nanoTime();
        started = true;
        thread.start();
    }

    /** Adds an event; one that comes after the end is dropped. */
    void post(Event event) {
        lock.lock();
        try {
            if (!stopped) {
                queue.add(event);
                queued = queue.size();
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Events that wait for their turn. */
    int queued() {
        return queued;
    }

    /** Pods that wait for a place, as of the last events taken. */
    int waitingPods() {
        return waitingPods;
    }

    /** When the oldest of them was created, by the API server's clock, as of a second ago; null where none waits. */
    @Nullable
    Instant oldestWaiting() {
        return oldestWaiting;
    }

    /**
     * How long the loop has given no sign of life. It gives one at the begin and at the end of each turn, and while there is nothing to
     * do each second; more means that a turn does not end, or that the thread is gone. Zero before its start and after its end.
     */
    Duration silentFor() {
        return started && !stopped ? Duration.ofNanos(System.nanoTime() - lastSignNanos) : Duration.ZERO;
    }

    /** Takes no event any more. Returns at once. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            queue.clear();
            queued = 0;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Stops, and waits for the event in hand, at most 5 s. */
    @Override
    public void close() {
        stop();
        if (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join(LONGEST_CLOSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try (var _ = clock.onAdvance(this::wake)) {
            while (!stopped) {
                for (var event : await()) {
                    if (stopped || !take(event)) {
                        return;
                    }
                }
                if (isDue() && !take(new Event.TimePassed())) {
                    return;
                }
                lookAtWaiting();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAtWaiting() {
        waitingPods = engine.waitingPods().getAsInt();
        isOldestStale = !isTimeForOldest();
        if (!isOldestStale) {
            oldestWaiting = engine.oldestWaiting().get();
            oldestAtNanos = System.nanoTime();
        }
    }

    private boolean isTimeForOldest() {
        return waitingPods == 0 || System.nanoTime() - oldestAtNanos >= OLDEST_EVERY_NANOS;
    }

    private void wake() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** All events there are; none where a WakeAt may be due, or the oldest waiting pod has to be found again. */
    private List<Event> await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && !stopped && !isDue() && !(isOldestStale && isTimeForOldest())) {
                changed.awaitNanos(waitNanos());
                lastSignNanos = System.nanoTime();
            }
            if (queue.isEmpty()) {
                return List.of();
            }
            var batch = queue;
            queue = new ArrayList<>();
            queued = 0;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        return !wakeUps.isEmpty() && !clock.instant().isBefore(wakeUps.first());
    }

    private long waitNanos() {
        if (wakeUps.isEmpty()) {
            return LONGEST_WAIT_NANOS;
        }
        var wait = Duration.between(clock.instant(), wakeUps.first());
        return wait.compareTo(Duration.ofNanos(LONGEST_WAIT_NANOS)) > 0 ? LONGEST_WAIT_NANOS : wait.toNanos();
    }

    /** One turn of the engine; false where it threw. */
    private boolean take(Event event) {
        turns++;
        try (var _ = MDC.putCloseable(Cycle.KEY, name + "-" + turns)) {
            return turn(event);
        }
    }

    private boolean turn(Event event) {
        var now = clock.instant();
        if (event instanceof Event.TimePassed) {
            wakeUps.headSet(now, true).clear();
        }
        lastSignNanos = System.nanoTime();
        try {
            var effects = engine.on().apply(event, now);
            LOG.atDebug()
                    .addKeyValue("event", event.getClass().getSimpleName())
                    .addKeyValue("about", () -> Subjects.of(event))
                    .addKeyValue("effects", effects.size())
                    .log("decided");
            carryOut(effects);
        } catch (Throwable e) {
            LOG.atError()
                    .addKeyValue("event", event)
                    .setCause(e)
                    .log("the engine failed: this is a bug; it starts anew");
            stop();
            onBug.run();
            return false;
        }
        lastSignNanos = System.nanoTime();
        return true;
    }

    private void carryOut(List<Effect> effects) {
        for (var effect : effects) {
            if (effect instanceof Effect.WakeAt(Instant at)) {
                wakeUps.add(at);
            } else {
                carryOut.accept(effect);
            }
        }
    }
}
