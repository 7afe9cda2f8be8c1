package dev.spillway.bench.spill;

import dev.spillway.bench.Distribution;
import io.micrometer.core.instrument.AbstractTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** A registry whose timers keep every duration, in place of a histogram's buckets. Grows without end: for benchmarks. Thread-safe. */
final class ExactTimers extends SimpleMeterRegistry {
    private final ConcurrentMap<String, Queue<Duration>> durations = new ConcurrentHashMap<>();

    /** What the timer of a name recorded since {@link #forget}; those that differ in tags only are one. */
    Distribution of(String timer) {
        return Distribution.of(durations.getOrDefault(timer, new ConcurrentLinkedQueue<>()));
    }

    /** Drops what was recorded so far. */
    void forget() {
        durations.values().forEach(Queue::clear);
    }

    @Override
    protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
        var kept = durations.computeIfAbsent(id.getName(), name -> new ConcurrentLinkedQueue<>());
        return new ExactTimer(id, config, pauseDetector, kept);
    }

    private final class ExactTimer extends AbstractTimer {
        private final Queue<Duration> kept;

        ExactTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector, Queue<Duration> kept) {
            super(id, ExactTimers.this.config().clock(), config, pauseDetector, TimeUnit.NANOSECONDS, false);
            this.kept = kept;
        }

        @Override
        protected void recordNonNegative(long amount, TimeUnit unit) {
            kept.add(Duration.ofNanos(unit.toNanos(amount)));
        }

        @Override
        public long count() {
            return kept.size();
        }

        @Override
        public double totalTime(TimeUnit unit) {
            return (double) kept.stream().mapToLong(Duration::toNanos).sum() / unit.toNanos(1);
        }

        @Override
        public double max(TimeUnit unit) {
            return (double) kept.stream().mapToLong(Duration::toNanos).max().orElse(0) / unit.toNanos(1);
        }
    }
}
