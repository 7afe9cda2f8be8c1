package dev.spillway.kubelet;

import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts streams, and holds them to a number. Thread-safe. */
final class StreamCount {
    private final int most;
    private final Semaphore free;
    private final Map<Kind, AtomicInteger> openByKind = new EnumMap<>(Kind.class); // complete, and never changed
    private final LongAdder refused = new LongAdder();

    StreamCount(int most) {
        this.most = most;
        this.free = new Semaphore(most);
        for (var kind : Kind.values()) {
            openByKind.put(kind, new AtomicInteger());
        }
    }

    /** A stream's place; its close gives it back. */
    final class Place implements AutoCloseable {
        private final AtomicInteger count;

        private Place(AtomicInteger count) {
            this.count = count;
            count.incrementAndGet();
        }

        @Override
        public void close() {
            count.decrementAndGet();
            free.release();
        }
    }

    Place take(Kind kind) throws HttpProblem {
        if (!free.tryAcquire()) {
            refused.increment();
            throw new HttpProblem(
                    429,
                    "%d streams to pods are open, and no more are allowed; close some, or try again later."
                            .formatted(most));
        }
        return new Place(count(kind));
    }

    int open(Kind kind) {
        return count(kind).get();
    }

    long refused() {
        return refused.sum();
    }

    private AtomicInteger count(Kind kind) {
        return Objects.requireNonNull(openByKind.get(kind));
    }
}
