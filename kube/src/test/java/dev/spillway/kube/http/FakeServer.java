package dev.spillway.kube.http;

import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sender without a network: answers by a function, null being no response. */
final class FakeServer implements Sender {
    private final Function<ApiRequest, @Nullable ApiResponse> answers;
    private final List<ApiRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Duration> deadlines = new CopyOnWriteArrayList<>();

    FakeServer(Function<ApiRequest, @Nullable ApiResponse> answers) {
        this.answers = answers;
    }

    static ApiResponse notFound() {
        return ApiResponse.of(
                404, "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"message\":\"not found\",\"code\":404}");
    }

    @Override
    public ApiResponse send(ApiRequest request, Duration deadline) throws IOException {
        requests.add(request);
        deadlines.add(deadline);
        var response = answers.apply(request);
        if (response == null) {
            throw new IOException("connection reset");
        }
        return response;
    }

    List<String> lines() {
        return requests.stream().map(r -> r.method() + " " + r.path()).toList();
    }

    List<ApiRequest> requests() {
        return requests;
    }

    List<Duration> deadlines() {
        return deadlines;
    }
}
