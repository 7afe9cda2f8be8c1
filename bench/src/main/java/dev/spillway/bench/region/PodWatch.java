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

/** When the pods of a namespace were first seen bound and Ready, by a watch, in {@link System#nanoTime}. Thread-safe. */
final class PodWatch implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final ResponseStream stream;
    private final Map<String, Long> bound = new ConcurrentHashMap<>();
    private final Map<String, Long> ready = new ConcurrentHashMap<>();
    private volatile boolean over;

    private PodWatch(ResponseStream stream) {
        this.stream = stream;
    }

    /** Opens one; what happens from now on is not missed. */
    static PodWatch open(BenchApi api, String namespace) {
        var watch = new PodWatch(
                api.open(BenchApi.PODS.formatted(namespace) + "?watch=true&timeoutSeconds=3600", LONGEST_SILENCE));
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
            if (over) {
                throw new BenchmarkException("The watch of the pods ended.");
            }
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                see(JSON.readTree(line).path("object"), now);
            }
        } catch (IOException e) {
            // Closed by this side, or broken: over either way.
        }
        over = true;
    }

    private void see(JsonNode pod, long now) {
        var name = pod.path("metadata").path("name").asText();
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
        stream.close();
    }
}
