package dev.spillway.bench.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.bench.BenchmarkException;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.http.ResponseStream;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The API server as the benchmark's own user sees it, under a user agent of its own so that audit counts do not mix. Thread-safe. */
public final class BenchApi implements AutoCloseable {
    /** Path of a namespace's pods, to be formatted with its name. */
    public static final String PODS = "/api/v1/namespaces/%s/pods";

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int AT_ONCE = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiClient client;

    /** Over a connection that somebody else opened; 16 requests at once. */
    public BenchApi(KubeConnection connection) {
        client = new ApiClient(connection, AT_ONCE);
    }

    /** Creates an object; anything but 201 is a {@link BenchmarkException}. */
    public void create(String path, String json) {
        var response = send(new ApiRequest("POST", path, "application/json", json));
        if (response.code() != 201) {
            throw new BenchmarkException(
                    "POST %s was answered with %d: %s".formatted(path, response.code(), response.body()));
        }
    }

    /** Reads an object or a list; anything but success is a {@link BenchmarkException}. */
    public JsonNode read(String path) {
        var response = send(ApiRequest.get(path));
        if (!response.isSuccess()) {
            throw new BenchmarkException(
                    "GET %s was answered with %d: %s".formatted(path, response.code(), response.body()));
        }
        return parse(path, response);
    }

    private static JsonNode parse(String path, ApiResponse response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("GET %s was not answered with JSON.".formatted(path), e);
        }
    }

    /** Waits until a path is there. */
    public void awaitThere(String path, Duration most) {
        await(path, response -> response.code() == 200, most);
    }

    /** Waits until the controller has judged an object: its status says of which generation it speaks. */
    public void awaitJudged(String path, Duration most) {
        await(path, response -> response.body().contains("\"observedGeneration\""), most);
    }

    /** Waits until no pod of the namespace is Pending; false where that takes longer. */
    public boolean awaitNonePending(String namespace, Duration most) {
        // From the watch cache: a quorum read of a thousand pods four times a second would be a load of its own.
        var path = PODS.formatted(namespace) + "?fieldSelector=status.phase%3DPending&resourceVersion=0";
        return tryAwait(
                path, response -> response.isSuccess() && !response.body().contains("\"spec\""), most);
    }

    /** Changes by a JSON merge patch; anything but success is a {@link BenchmarkException}. */
    public void merge(String path, String json) {
        required(new ApiRequest("PATCH", path, "application/merge-patch+json", json));
    }

    /** Deletes an object, or all of a collection, in the grace period that each has; one that is not there is no failure. */
    public void delete(String path) {
        var response = send(new ApiRequest("DELETE", path, null, ""));
        if (!response.isSuccess() && response.code() != 404) {
            throw failed(path, response);
        }
    }

    /** Waits until a list is empty. */
    public void awaitEmpty(String path, Duration most) {
        await(path, response -> response.isSuccess() && !response.body().contains("\"uid\""), most);
    }

    /** Waits until an answer holds, and says what was waited for where it takes longer. */
    public void awaitBody(String path, Predicate<String> enough, Duration most) {
        await(path, response -> response.isSuccess() && enough.test(response.body()), most);
    }

    /** Waits until an object is as wanted. */
    public void awaitObject(String path, Predicate<JsonNode> enough, Duration most) {
        await(path, response -> response.isSuccess() && enough.test(parse(path, response)), most);
    }

    /** Opens a read that goes on, such as a watch; reading fails after so long without a byte. */
    public ResponseStream open(String path, Duration longestSilence) {
        try {
            var stream = client.open(ApiRequest.get(path), longestSilence);
            if (stream.code() != 200) {
                throw new BenchmarkException(
                        "GET %s was answered with %d: %s".formatted(path, stream.code(), stream.errorText()));
            }
            return stream;
        } catch (IOException e) {
            throw new BenchmarkException("GET %s got no answer: %s".formatted(path, e.getMessage()), e);
        }
    }

    private void required(ApiRequest request) {
        var response = send(request);
        if (!response.isSuccess()) {
            throw failed(request.method() + " " + request.path(), response);
        }
    }

    private static BenchmarkException failed(String what, ApiResponse response) {
        return new BenchmarkException("%s was answered with %d: %s".formatted(what, response.code(), response.body()));
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
    public static void sleepUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
