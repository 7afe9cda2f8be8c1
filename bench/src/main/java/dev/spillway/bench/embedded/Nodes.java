package dev.spillway.bench.embedded;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Nodes that keep saying that they are alive: pods of a silent one would be marked not ready. */
final class Nodes implements AutoCloseable {
    private static final int EVERY_SECONDS = 10; // as a kubelet does

    private final List<String> names;
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor();

    /** Registers so many. */
    Nodes(Client client, int count) {
        names = IntStream.range(0, count).mapToObj("bench-%02d"::formatted).toList();
        for (var name : names) {
            client.post(LoadObjects.NODES, LoadObjects.node(name));
            client.patch(LoadObjects.NODES + "/" + name + "/status", LoadObjects.nodeStatus());
            client.post(LoadObjects.LEASES, LoadObjects.lease(name));
        }
        var _ = heartbeats.scheduleAtFixedRate(
                () -> names.forEach(name -> client.patch(LoadObjects.LEASES + "/" + name, LoadObjects.renewal())),
                EVERY_SECONDS,
                EVERY_SECONDS,
                TimeUnit.SECONDS);
    }

    /** One of them. */
    String of(int number) {
        return names.get(number % names.size());
    }

    @Override
    public void close() {
        heartbeats.shutdownNow();
    }
}
