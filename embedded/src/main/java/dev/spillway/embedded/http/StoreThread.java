package dev.spillway.embedded.http;

import dev.spillway.embedded.controllers.Controller;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.store.Watch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that a store is used from: it carries out what others ask for, steps the controllers, and hands events to the
 * watches.
 *
 * <p>Controllers see a change after the request that made it was answered, as those of a real cluster do. They get a share of the
 * thread's time at most, so that a crowd of pods does not keep clients waiting. May be called from any thread.
 */
final class StoreThread implements AutoCloseable {

    /** What is asked of the store. */
    @FunctionalInterface
    interface Question<T> {
        T ask(ObjectStore store, Instant now);
    }

    /** What a request is answered with. */
    sealed interface Answer {
        /** One answer. */
        record Once(Response response) implements Answer {}

        /** A watch, from which events can be taken. */
        record Streaming(WatchFeed feed) implements Answer {}
    }

    /** The embedded cluster was stopped. */
    static final class ClosedException extends RuntimeException {
        ClosedException() {
            super("The embedded cluster was stopped. Start it again.", null, false, false);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);

    /** How often something happens by the clock alone: heartbeats age, watches end. Chosen; a node's grace is 50 s. */
    private static final Duration TICK = Duration.ofMillis(500);

    /** After a step the controllers rest this many times as long as it took: a fifth of the time is theirs at most. */
    private static final int REST = 4;

    private static final int TASKS_PER_TURN = 256;

    private final ObjectStore store;
    private final Controller controllers;
    private final InstantSource clock;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    // Of the thread alone.
    private final List<WatchFeed> feeds = new ArrayList<>();
    private Instant now;
    private long seenByWatches = -1;
    private long seenByControllers = -1;
    private long controllersRestUntil = System.nanoTime();
    private long nextTick = System.nanoTime();

    /** A thread of its own for a store, which nobody else may use from now on. */
    StoreThread(ObjectStore store, Controller controllers, InstantSource clock) {
        this.store = store;
        this.controllers = controllers;
        this.clock = clock;
        this.now = clock.instant();
        this.thread = Thread.ofPlatform().name("embedded-cluster").daemon().start(this::run);
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws ClosedException where there is nobody to answer any more
     */
    <T> T call(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                if (closed) {
                    throw new ClosedException();
                }
                answer.complete(question.ask(store, now));
            } catch (RuntimeException broken) {
                answer.completeExceptionally(broken);
            }
        });
        if (closed) {
            // What was added before the end is refused by the thread; this may have come too late for it.
            answer.completeExceptionally(new ClosedException());
        }
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    /** Hands a request as it came over the wire to the store. */
    Answer answer(Call call) {
        return call((asked, at) -> switch (asked.handle(
                call.agent(), call.method(), call.pathAndQuery(), call.contentType(), call.body(), at)) {
            case Response response -> new Answer.Once(response);
            case Watch watch -> {
                WatchFeed feed = new WatchFeed(watch, this);
                feeds.add(feed);
                feed.offer(at);
                yield new Answer.Streaming(feed);
            }
        });
    }

    /** Has the next events of a watch handed to its feed soon. */
    void wake(WatchFeed feed) {
        tasks.add(() -> feed.offer(now));
    }

    /** Ends a watch whose connection is gone. */
    void abandon(WatchFeed feed) {
        tasks.add(feed::end);
    }

    /** Ends every watch and refuses what is asked from now on. */
    @Override
    public void close() {
        closed = true;
        tasks.add(() -> {});
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                turn();
            }
        } catch (InterruptedException interrupted) {
            // Nobody interrupts this thread but a process that ends.
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            feeds.forEach(WatchFeed::end);
        }
    }

    private void turn() throws InterruptedException {
        Runnable first = tasks.poll(nanosToWait(), TimeUnit.NANOSECONDS);
        Instant read = clock.instant();
        // A wall clock may be set back; the store's time may not.
        now = read.isAfter(now) ? read : now;
        int done = 0;
        for (Runnable task = first; task != null; task = ++done < TASKS_PER_TURN ? tasks.poll() : null) {
            task.run();
        }
        boolean tick = System.nanoTime() - nextTick >= 0;
        if (tick) {
            nextTick = System.nanoTime() + TICK.toNanos();
        }
        feedWatches(tick);
        stepControllers(tick);
    }

    private long nanosToWait() {
        long time = System.nanoTime();
        long wait = nextTick - time;
        if (store.version() != seenByControllers) {
            wait = Math.min(wait, controllersRestUntil - time);
        }
        return Math.max(wait, 0);
    }

    private void stepControllers(boolean tick) {
        boolean due = tick || store.version() != seenByControllers;
        long begin = System.nanoTime();
        if (!due || begin - controllersRestUntil < 0) {
            return;
        }
        seenByControllers = store.version();
        try {
            controllers.step(now);
        } catch (RuntimeException broken) {
            LOG.atError().setCause(broken).log("a controller of the embedded cluster failed");
        }
        long end = System.nanoTime();
        controllersRestUntil = end + REST * (end - begin);
        feedWatches(false);
    }

    private void feedWatches(boolean tick) {
        if (tick || store.version() != seenByWatches) {
            seenByWatches = store.version();
            feeds.forEach(feed -> feed.offer(now));
            feeds.removeIf(WatchFeed::isOver);
        }
    }
}
