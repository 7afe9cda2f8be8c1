package dev.spillway.bench.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.bench.BenchmarkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Scheduler and node agent in one: binds every pod that it sees and writes that it runs, several at a time. Thread-safe.
 */
final class Binder implements AutoCloseable {
    private static final int AT_ONCE = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Client client;
    private final Nodes nodes;
    private final BufferedReader watch;
    private final ExecutorService writers = Executors.newFixedThreadPool(AT_ONCE);
    private final ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean closed;

    /** Begins to watch. */
    Binder(Client client, Nodes nodes) {
        this.client = client;
        this.nodes = nodes;
        this.watch = new BufferedReader(
                new InputStreamReader(
                        client.watch(LoadObjects.PODS + "?watch=true&fieldSelector=spec.nodeName%3D"),
                        StandardCharsets.UTF_8),
                1 << 16);
        Thread.ofPlatform().daemon().name("bench-binder").start(this::follow);
    }

    /** How many pods there were so far. */
    int seen() {
        return seen.get();
    }

    /** How many of them run. */
    int running() {
        return running.get();
    }

    /** The names of those that run. */
    Iterable<String> names() {
        return names;
    }

    /** Throws what went wrong in the meantime. */
    void requireWell() {
        var failure = failures.peek();
        if (failure != null) {
            throw failure;
        }
    }

    private void follow() {
        try {
            for (var line = watch.readLine(); line != null && !closed; line = watch.readLine()) {
                if (line.stripLeading().startsWith("{\"type\":\"ADDED\"")) {
                    var name = nameIn(line);
                    int number = seen.getAndIncrement();
                    writers.execute(() -> run(name, number));
                }
            }
        } catch (RejectedExecutionException e) {
            // Closed in this moment.
        } catch (IOException e) {
            if (!closed) {
                failures.add(new BenchmarkException("The binder's watch broke: " + e.getMessage(), e));
            }
        }
    }

    private void run(String pod, int number) {
        try {
            var path = LoadObjects.PODS + "/" + pod;
            client.post(path + "/binding", LoadObjects.binding(pod, nodes.of(number)));
            client.patch(path + "/status", LoadObjects.running(number, 0));
            names.add(pod);
            running.incrementAndGet();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private static String nameIn(String event) throws JsonProcessingException {
        return JSON.readTree(event).path("object").path("metadata").path("name").asText();
    }

    @Override
    public void close() {
        closed = true;
        writers.shutdownNow();
    }
}
