package dev.spillway.recording.recorder;

import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.recording.format.Line;
import dev.spillway.recording.format.Lines;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A recording that a thread of its own writes: whoever owns the engine only puts references into a queue. That thread looks at the queue
 * every 200 ms, since to be woken for each event would cost its caller more than all the rest.
 */
final class BackgroundRecording implements Recording {
    /** Compressed together; larger blocks compress better, smaller ones let a ring lose less at once. */
    private static final int BLOCK_BYTES = 256 << 10;

    /** A block of a file is written at the latest so long after its first line, for the case that the process is killed. */
    private static final long LONGEST_UNWRITTEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_COPY = Duration.ofSeconds(5);
    private static final int TRACE_LINES = 30;

    /** What waits to be written: more than the first list of a cluster of 100,000 pods. */
    static final int MOST_QUEUED = 1 << 18;

    private final Store store;
    private final Recorder.Listener listener;
    private final int mostQueued;
    private final Thread thread = Thread.ofPlatform().daemon().name("recorder").unstarted(this::run);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition urgent = lock.newCondition();
    private List<Line.Turn> queue = new ArrayList<>(); // guarded by lock
    private boolean ended; // guarded by lock: nothing comes any more
    private boolean behind; // guarded by lock: something is missing after what is queued
    private @Nullable CompletableFuture<Copy> asked; // guarded by lock: for a copy

    // Of the engine's thread alone.
    private long sequence;

    // Of the recorder's thread alone.
    private final Lines lines = new Lines();
    private long last;
    private long firstLineNanos;

    BackgroundRecording(Store store, Recorder.Listener listener, int mostQueued) {
        this.store = store;
        this.listener = listener;
        this.mostQueued = mostQueued;
    }

    void start() {
        thread.start();
    }

    @Override
    public void step(Instant now, Event event, List<Effect> effects) {
        put(new Line.Step(++sequence, now, event, effects), false);
    }

    @Override
    public void failed(Instant now, Event event, Throwable thrown) {
        var trace = Stream.concat(
                        Stream.of(thrown.toString()),
                        Arrays.stream(thrown.getStackTrace()).limit(TRACE_LINES).map(frame -> "at " + frame))
                .toList();
        put(new Line.Failure(++sequence, now, event, thrown.getClass().getName(), trace), true);
    }

    private void put(Line.Turn turn, boolean isLast) {
        lock.lock();
        try {
            if (!ended && queue.size() < mostQueued) {
                queue.add(turn);
            } else {
                behind |= !ended;
                ended = true;
            }
            if (isLast || ended) {
                ended = true;
                urgent.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Copy> copy() {
        CompletableFuture<Copy> copy;
        lock.lock();
        try {
            if (ended) {
                return Optional.empty();
            }
            copy = asked == null ? new CompletableFuture<>() : asked;
            asked = copy;
            urgent.signal();
        } finally {
            lock.unlock();
        }
        try {
            return Optional.of(copy.get(LONGEST_COPY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty(); // it has ended meanwhile, and the listener heard why
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            ended = true;
            urgent.signal();
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() != thread) {
            try {
                thread.join(LONGEST_CLOSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try (store) {
            store.begin();
            boolean more = true;
            while (more) {
                more = await();
                for (var turn : taken()) {
                    write(turn);
                }
                if (store.isFile()
                        && lines.size() > 0
                        && System.nanoTime() - firstLineNanos > LONGEST_UNWRITTEN_NANOS) {
                    block();
                }
                copyWhereAsked();
            }
            end();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            stop(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop("its thread was interrupted");
        }
    }

    /** Waits a period, or less where the end came; whether more may come. */
    private boolean await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = PERIOD_NANOS;
            while (!ended && asked == null && left > 0) {
                left = urgent.awaitNanos(left);
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    private void copyWhereAsked() throws IOException {
        CompletableFuture<Copy> copy;
        lock.lock();
        try {
            copy = asked;
            asked = null;
        } finally {
            lock.unlock();
        }
        if (copy != null) {
            if (lines.size() > 0) {
                block();
            }
            copy.complete(store.copy());
        }
    }

    private List<Line.Turn> taken() {
        lock.lock();
        try {
            var all = queue;
            queue = new ArrayList<>();
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void write(Line.Turn turn) throws IOException {
        if (lines.size() == 0) {
            firstLineNanos = System.nanoTime();
        }
        lines.add(turn);
        last = turn.sequence();
        if (turn instanceof Line.Failure) {
            block();
            store.failed();
        } else if (lines.size() >= BLOCK_BYTES) {
            block();
        }
    }

    private void block() throws IOException {
        store.add(lines.take(), last);
    }

    private void end() throws IOException {
        if (lines.size() > 0) {
            block();
        }
        if (isBehind()) {
            store.end("the recorder fell behind by %d events".formatted(mostQueued));
            listener.stopped("the recorder fell behind by %d events".formatted(mostQueued));
        } else {
            store.end("the engine was ended");
        }
    }

    private boolean isBehind() {
        lock.lock();
        try {
            return behind;
        } finally {
            lock.unlock();
        }
    }

    private void stop(String why) {
        lock.lock();
        try {
            ended = true;
            queue = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        listener.stopped(why);
    }
}
