package dev.spillway.bench.embedded;

import dev.spillway.bench.Distribution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** How long answers take, to one client that asks one thing after the other. */
record Latencies(Distribution get, Distribution patchStatus, Distribution bind) {
    private static final int WARM_UP = 100;

    /**
     * Measures.
     *
     * @param pods that run
     * @param times of each kind
     */
    static Latencies measure(Client client, Nodes nodes, List<String> pods, int times) {
        for (int i = 0; i < times + WARM_UP; i++) {
            client.post(LoadObjects.PODS, LoadObjects.pod("bare-" + i));
        }
        return new Latencies(
                time(times, i -> client.get(path(pods, i))),
                time(times, i -> client.patch(path(pods, i) + "/status", LoadObjects.running(i, 1))),
                time(times, i -> {
                    var pod = "bare-" + i;
                    client.post(LoadObjects.PODS + "/" + pod + "/binding", LoadObjects.binding(pod, nodes.of(i)));
                }));
    }

    private static Distribution time(int times, IntConsumer request) {
        var durations = new ArrayList<Duration>();
        for (int i = 0; i < times + WARM_UP; i++) {
            long began = System.nanoTime();
            request.accept(i);
            if (i >= WARM_UP) {
                durations.add(Duration.ofNanos(System.nanoTime() - began));
            }
        }
        return Distribution.of(durations);
    }

    // All over the namespace, and none twice.
    private static String path(List<String> pods, int number) {
        return LoadObjects.PODS + "/" + pods.get((int) (number * 7919L % pods.size()));
    }
}
