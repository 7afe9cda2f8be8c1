package dev.spillway.bench.region;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.cluster.BenchApi;
import dev.spillway.kube.http.ResponseStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * When the pods of a namespace were first seen bound and Ready, by a watch, in {@link System#nanoTime}. A server ends a watch whose reader falls behind:
 * another one goes on, which begins with all pods as they are, so that what happened in between is seen as late as that takes. Thread-safe.
 */
final class PodWatch implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final BenchApi api;
    private final String path;
    private final String prefix;
    private final Map<String, Long> bound = new ConcurrentHashMap<>();
    private final Map<String, Long> ready = new ConcurrentHashMap<>();
    private volatile ResponseStream stream;
    private volatile boolean isClosed;
    private volatile String failure = "";

    private PodWatch(BenchApi api, String path, String prefix) {
        this.api = api;
        this.prefix = prefix;
        this.path = path;
        this.stream = api.open(path, LONGEST_SILENCE);
    }

    /** Opens one; what happens from now on is not missed. */
    static PodWatch open(BenchApi api, String namespace) {
        return open(api, namespace, "");
    }

    /** One that sees only pods whose names begin so. */
    static PodWatch open(BenchApi api, String namespace, String prefix) {
        var watch = new PodWatch(api, BenchApi.PODS.formatted(namespace) + "?watch=true&timeoutSeconds=3600", prefix);
        Thread.ofVirtual().start(watch::read);
        return watch;
    }

    /** By name. */
    Map<String, Long> bound() {
        return bound;
    }

    /** By name. */
    Map<String, Long> ready() {
        return ready;
    }

    /** Waits until so many pods were seen in a state; false where that takes longer. */
    boolean await(Map<String, Long> state, int pods, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (state.size() < pods) {
            if (!failure.isEmpty()) {
                throw new BenchmarkException("The pods are not watched any more: " + failure);
            }
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    private void read() {
        try {
            while (!isClosed) {
                readOne();
                if (!isClosed) {
                    System.out.println("  (a watch of the pods ended, another one goes on)");
                    stream = api.open(path, LONGEST_SILENCE);
                }
            }
        } catch (RuntimeException e) {
            failure = e.toString();
        }
        if (isClosed) {
            stream.close(); // one that was opened while this was closed
        }
    }

    private void readOne() {
        try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                see(JSON.readTree(line).path("object"), now);
            }
        } catch (IOException e) {
            // Closed by this side, or broken: over either way.
        }
    }

    private void see(JsonNode pod, long now) {
        var name = pod.path("metadata").path("name").asText();
        if (!name.startsWith(prefix)) {
            return;
        }
        if (!pod.path("spec").path("nodeName").asText().isEmpty()) {
            bound.putIfAbsent(name, now);
        }
        for (var condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")
                    && condition.path("status").asText().equals("True")) {
                ready.putIfAbsent(name, now);
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        stream.close();
    }
}
