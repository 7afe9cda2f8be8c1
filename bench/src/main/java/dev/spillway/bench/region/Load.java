package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.Distribution;
import dev.spillway.bench.cluster.BenchApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Pods that come at a steady rate.
 *
 * @param namespace where they are made
 * @param prefix of their names
 * @param pods how many
 * @param perSecond how fast
 * @param json the pod of a name
 */
record Load(String namespace, String prefix, int pods, int perSecond, UnaryOperator<String> json) {
    /** Creates them all; by name when the creation was answered with 201, in {@link System#nanoTime}. */
    Map<String, Long> create(BenchApi api) {
        var accepted = new ConcurrentHashMap<String, Long>();
        var failures = new ConcurrentLinkedQueue<RuntimeException>();
        // One thread for each request, so that a slow answer does not hold up the next pod.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long due = System.nanoTime();
            for (int i = 0; i < pods; i++) {
                BenchApi.sleepUntil(due);
                due += TimeUnit.SECONDS.toNanos(1) / perSecond;
                var name = "%s-%05d".formatted(prefix, i);
                threads.execute(() -> {
                    try {
                        api.create(BenchApi.PODS.formatted(namespace), json.apply(name));
                        accepted.put(name, System.nanoTime());
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                });
            }
        }
        if (!failures.isEmpty()) {
            throw new BenchmarkException(
                    "%d of %d pods could not be created, the first: %s"
                            .formatted(failures.size(), pods, failures.element().getMessage()),
                    failures.element());
        }
        return accepted;
    }

    /** From one moment to a later one of the same pods; pods without the later one do not count. What the watch said before the 201 was here took no time. */
    static Distribution between(Map<String, Long> from, Map<String, Long> to) {
        var all = new ArrayList<Duration>();
        from.forEach((name, begin) -> {
            var end = to.get(name);
            if (end != null) {
                all.add(Duration.ofNanos(Math.max(0, end - begin)));
            }
        });
        return Distribution.of(all);
    }
}
