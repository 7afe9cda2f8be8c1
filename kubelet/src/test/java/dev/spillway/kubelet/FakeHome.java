package dev.spillway.kubelet;

import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A home cluster without a network: knows token "good", and lets its user do what it is told to. Null is no response. */
public final class FakeHome implements Sender {
    private static final String USER =
            "{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"ann\",\"uid\":\"7\",\"groups\":[\"dev\"],\"extra\":{\"a\":[\"b\"]}}}}";

    private final List<ApiRequest> requests = new CopyOnWriteArrayList<>();
    public volatile Function<ApiRequest, @Nullable ApiResponse> tokens = request -> ApiResponse.of(
            201, request.body().contains("\"good\"") ? USER : "{\"status\":{\"error\":\"invalid bearer token\"}}");
    public volatile Function<ApiRequest, @Nullable ApiResponse> access = _ -> allowed(true);

    public volatile Function<ApiRequest, @Nullable ApiResponse> pods =
            _ -> ApiResponse.of(200, "{\"kind\":\"PodList\"}");

    public static ApiResponse allowed(boolean allowed) {
        return ApiResponse.of(201, "{\"status\":{\"allowed\":%s}}".formatted(allowed));
    }

    @Override
    public ApiResponse send(ApiRequest request, Duration deadline) throws IOException {
        requests.add(request);
        var of = request.path().endsWith("/tokenreviews") ? tokens : request.isMutating() ? access : pods;
        var response = of.apply(request);
        if (response == null) {
            throw new IOException("connection reset");
        }
        return response;
    }

    public List<ApiRequest> requests() {
        return requests;
    }
}
