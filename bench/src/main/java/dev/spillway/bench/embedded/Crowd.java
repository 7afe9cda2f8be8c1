package dev.spillway.bench.embedded;

import dev.spillway.bench.BenchmarkException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Thousands of pods and hundreds of watches in an embedded cluster: what is measured of it, and how. */
final class Crowd {
    private static final int NODES = 10;
    private static final Duration LIMIT = Duration.ofSeconds(140);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final EmbeddedOptions options;

    Crowd(EmbeddedOptions options) {
        this.options = options;
    }

    /**
     * What was measured.
     *
     * @param untilThere from the first Deployment until the last pod was seen
     * @param untilRunning until the last status was written
     * @param untilTold until the last watch had its last event
     * @param events that all watches got together until then
     * @param endedWatches how many the server ended
     * @param empty before there was anything
     * @param full with everything
     * @param after the latencies were measured
     */
    record Outcome(
            Duration untilThere,
            Duration untilRunning,
            Duration untilTold,
            long events,
            long bytes,
            int endedWatches,
            Memory empty,
            Memory full,
            Memory after,
            Latencies latencies) {}

    /**
     * What a process holds, in bytes.
     *
     * @param resident as it was found
     * @param residentMost since its start
     * @param residentCollected after the garbage was collected
     * @param heap in use after that
     */
    record Memory(long resident, long residentMost, long residentCollected, long heap) {
        static Memory of(Server server) {
            long resident = server.memory("VmRSS");
            long most = server.memory("VmHWM");
            long heap = server.collect();
            return new Memory(resident, most, server.memory("VmRSS"), heap);
        }
    }

    Outcome measure() throws IOException {
        var watches = new ArrayList<CountedWatch>();
        try (var server = Server.start(options.jvmOptions());
                var client = new Client(server.endpoint())) {
            var empty = Memory.of(server);
            client.post("/api/v1/namespaces", LoadObjects.namespace());
            await(
                    "the namespace's account",
                    () -> client.isThere(
                            "/api/v1/namespaces/%s/serviceaccounts/default".formatted(LoadObjects.NAMESPACE)));
            try (var nodes = new Nodes(client, NODES);
                    var binder = new Binder(client, nodes)) {
                for (int i = 0; i < options.watches(); i++) {
                    watches.add(CountedWatch.open(server.endpoint()));
                }
                return fill(server, client, new Parts(nodes, binder, watches), empty);
            }
        } finally {
            watches.forEach(CountedWatch::close);
        }
    }

    private record Parts(Nodes nodes, Binder binder, List<CountedWatch> watches) {}

    private Outcome fill(Server server, Client client, Parts parts, Memory empty) {
        var binder = parts.binder();
        long began = System.nanoTime();
        int replicas = options.pods() / options.deployments();
        for (int i = 0; i < options.deployments(); i++) {
            client.post(LoadObjects.DEPLOYMENTS, LoadObjects.deployment("web-" + i, replicas));
        }
        int pods = replicas * options.deployments();
        await("all pods", () -> well(binder) && binder.seen() >= pods);
        var there = since(began);
        await("all pods to run", () -> well(binder) && binder.running() >= pods);
        var running = since(began);
        await("all events", () -> areTold(parts.watches(), 3L * pods));
        var told = Duration.ofNanos(parts.watches().stream()
                .mapToLong(watch -> watch.lastNanos() - began)
                .max()
                .orElse(0));
        long events = parts.watches().stream().mapToLong(CountedWatch::events).sum();
        long bytes = parts.watches().stream().mapToLong(CountedWatch::bytes).sum();
        var full = Memory.of(server);
        var names = new ArrayList<String>();
        binder.names().forEach(names::add);
        binder.close(); // the pods to come are bound by who measures it
        var latencies = Latencies.measure(client, parts.nodes(), names, options.requests());
        int ended = (int) parts.watches().stream().filter(CountedWatch::isOver).count();
        return new Outcome(there, running, told, events, bytes, ended, empty, full, Memory.of(server), latencies);
    }

    private static boolean well(Binder binder) {
        binder.requireWell();
        return true;
    }

    // Each pod is created, bound and written to; whatever the controllers write beside is told when no watch is told
    // anything.
    private static boolean areTold(List<CountedWatch> watches, long atLeast) {
        long now = System.nanoTime();
        return watches.stream()
                .allMatch(watch ->
                        watch.isOver() || (watch.events() >= atLeast && now - watch.lastNanos() > QUIET.toNanos()));
    }

    private static void await(String what, BooleanSupplier there) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new BenchmarkException("Waited %d s for %s in vain.".formatted(LIMIT.toSeconds(), what));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private static Duration since(long nanos) {
        return Duration.of(System.nanoTime() - nanos, TimeUnit.NANOSECONDS.toChronoUnit());
    }
}
