package dev.spillway.bench.spill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.bench.BenchmarkException;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The API server as the benchmark's own user sees it, under a user agent of its own so that audit counts do not mix. Thread-safe. */
final class BenchApi implements AutoCloseable {
    static final String PODS = "/api/v1/namespaces/%s/pods";

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int AT_ONCE = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiClient client;

    BenchApi(KubeConnection connection) {
        client = new ApiClient(connection, AT_ONCE);
    }

    /** Creates an object; anything but 201 is a {@link BenchmarkException}. */
    void create(String path, String json) {
        var response = send(new ApiRequest("POST", path, "application/json", json));
        if (response.code() != 201) {
            throw new BenchmarkException(
                    "POST %s was answered with %d: %s".formatted(path, response.code(), response.body()));
        }
    }

    JsonNode read(String path) {
        var response = send(ApiRequest.get(path));
        if (!response.isSuccess()) {
            throw new BenchmarkException(
                    "GET %s was answered with %d: %s".formatted(path, response.code(), response.body()));
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("GET %s was not answered with JSON.".formatted(path), e);
        }
    }

    /** Waits until a path is there. */
    void awaitThere(String path, Duration most) {
        await(path, response -> response.code() == 200, most);
    }

    /** Waits until the controller has judged an object: its status says of which generation it speaks. */
    void awaitJudged(String path, Duration most) {
        await(path, response -> response.body().contains("\"observedGeneration\""), most);
    }

    /** Waits until no pod of the namespace is Pending; false where that takes longer. */
    boolean awaitNonePending(String namespace, Duration most) {
        // From the watch cache: a quorum read of a thousand pods four times a second would be a load of its own.
        var path = PODS.formatted(namespace) + "?fieldSelector=status.phase%3DPending&resourceVersion=0";
        return tryAwait(
                path, response -> response.isSuccess() && !response.body().contains("\"spec\""), most);
    }

    private void await(String path, Predicate<ApiResponse> enough, Duration most) {
        if (!tryAwait(path, enough, most)) {
            throw new BenchmarkException("Waited %d s for %s in vain.".formatted(most.toSeconds(), path));
        }
    }

    private boolean tryAwait(String path, Predicate<ApiResponse> enough, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (!enough.test(send(ApiRequest.get(path)))) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    private ApiResponse send(ApiRequest request) {
        try {
            return client.send(request, DEADLINE);
        } catch (IOException e) {
            throw new BenchmarkException(
                    "%s %s got no answer: %s".formatted(request.method(), request.path(), e.getMessage()), e);
        }
    }

    /** Waits for a moment of {@link System#nanoTime}. */
    static void sleepUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
