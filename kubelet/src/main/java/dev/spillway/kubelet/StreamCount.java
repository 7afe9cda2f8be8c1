package dev.spillway.kubelet;

import dev.spillway.core.model.RegionId;
import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts streams, and holds them to a number: all together, and those of one region, so that a region that opens none or lets them all hang leaves places to
 * the others. Thread-safe.
 */
final class StreamCount {
    private final int most;
    private final int mostOfRegion;
    private final Semaphore free;
    private final Map<RegionId, Semaphore> freeByRegion = new ConcurrentHashMap<>(); // of every region ever asked
    private final Map<Kind, AtomicInteger> openByKind = new EnumMap<>(Kind.class); // complete, and never changed
    private final LongAdder refused = new LongAdder();

    StreamCount(int most, int mostOfRegion) {
        this.most = most;
        this.mostOfRegion = mostOfRegion;
        this.free = new Semaphore(most);
        for (var kind : Kind.values()) {
            openByKind.put(kind, new AtomicInteger());
        }
    }

    /** A stream's place; its close gives it back. */
    final class Place implements AutoCloseable {
        private final AtomicInteger count;
        private final Semaphore freeOfRegion;

        private Place(AtomicInteger count, Semaphore freeOfRegion) {
            this.count = count;
            this.freeOfRegion = freeOfRegion;
            count.incrementAndGet();
        }

        @Override
        public void close() {
            count.decrementAndGet();
            freeOfRegion.release();
            free.release();
        }
    }

    Place take(Kind kind, RegionId region) throws HttpProblem {
        if (!free.tryAcquire()) {
            throw refused("%d streams to pods are open, and no more are allowed; close some, or try again later."
                    .formatted(most));
        }
        var freeOfRegion = freeByRegion.computeIfAbsent(region, _ -> new Semaphore(mostOfRegion));
        if (!freeOfRegion.tryAcquire()) {
            free.release();
            throw refused(
                    "%d streams to pods in region %s are open, and one region may have no more; close some, or try again later."
                            .formatted(mostOfRegion, region));
        }
        return new Place(count(kind), freeOfRegion);
    }

    private HttpProblem refused(String why) {
        refused.increment();
        return new HttpProblem(429, why);
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
