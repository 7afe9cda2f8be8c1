package dev.spillway.clusterregion;

import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.DuplexStream;
import dev.spillway.kube.http.ResponseStream;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Streams to containers of the region, through its API server: the subresources of pods. */
final class Streams {
    private static final Duration AS_LONG_AS_IT_LASTS = Duration.ofDays(365);

    /** What may be asked of a subresource; anything else would be somebody's way to a parameter that we do not know. */
    private static final Map<StreamRequest.Kind, Set<String>> OPTIONS = Map.of(
            StreamRequest.Kind.LOG,
            Set.of(
                    "follow",
                    "insecureSkipTLSVerifyBackend",
                    "limitBytes",
                    "previous",
                    "sinceSeconds",
                    "sinceTime",
                    "stream",
                    "tailLines",
                    "timestamps"),
            StreamRequest.Kind.EXEC,
            Set.of("command", "stderr", "stdin", "stdout", "tty"),
            StreamRequest.Kind.ATTACH,
            Set.of("stderr", "stdin", "stdout", "tty"),
            StreamRequest.Kind.PORT_FORWARD,
            Set.of("ports"));

    private final ApiClient region;
    private final Duration deadline;

    Streams(ApiClient region, Duration deadline) {
        this.region = region;
        this.deadline = deadline;
    }

    /** Opens one to a pod that is known to be there. */
    StreamAnswer open(PodId pod, StreamRequest request) {
        try {
            var path = path(pod, request);
            return switch (request.kind()) {
                case LOG -> log(path);
                case EXEC, ATTACH, PORT_FORWARD -> upgrade(path, request);
            };
        } catch (IllegalArgumentException e) {
            return new StreamAnswer.Refused(400, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new StreamAnswer.Refused(503, "The region gave no answer: " + Calls.reason(e));
        }
    }

    private static String path(PodId pod, StreamRequest request) {
        var query = new StringBuilder();
        if (!request.container().isEmpty()) {
            query.append("&container=").append(ApiRequest.segment(request.container()));
        }
        var known = OPTIONS.getOrDefault(request.kind(), Set.of());
        request.options().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("A pod's %s has no option '%s'."
                        .formatted(subresource(request.kind()), name.length() > 40 ? name.substring(0, 40) : name));
            }
            values.forEach(value -> query.append('&').append(name).append('=').append(ApiRequest.segment(value)));
        });
        var path = Paths.pod(pod.namespace(), pod.name()) + "/" + subresource(request.kind());
        return query.isEmpty() ? path : path + "?" + query.substring(1);
    }

    private static String subresource(StreamRequest.Kind kind) {
        return switch (kind) {
            case LOG -> "log";
            case EXEC -> "exec";
            case ATTACH -> "attach";
            case PORT_FORWARD -> "portforward";
        };
    }

    /** A log may be silent for as long as it likes; only the wait for the answer has a limit. */
    private StreamAnswer log(String path) throws IOException {
        var opening = new FutureTask<>(() -> region.open(ApiRequest.get(path), AS_LONG_AS_IT_LASTS));
        var thread = Thread.ofVirtual().name("opening-log").start(opening);
        try {
            var response = opening.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
            if (response.code() == 200) {
                return new StreamAnswer.Opened(new Log(response));
            }
            try (response) {
                return refused(new ApiResponse(response.code(), response.errorText(), ""));
            }
        } catch (TimeoutException | CancellationException e) {
            opening.cancel(true);
            return new StreamAnswer.Refused(504, "The region did not answer in time.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return new StreamAnswer.Refused(503, "Interrupted.");
        }
    }

    /** WebSocket begins with a GET, SPDY with a POST. */
    private StreamAnswer upgrade(String path, StreamRequest request) throws IOException {
        boolean isWebSocket = request.headers().getOrDefault("upgrade", List.of()).stream()
                .anyMatch(protocol -> protocol.equalsIgnoreCase("websocket"));
        var asked = new ApiRequest(isWebSocket ? "GET" : "POST", path, null, "");
        var stream = region.upgrade(asked, request.headers(), deadline);
        if (stream.isOpen()) {
            return new StreamAnswer.Opened(new Duplex(stream));
        }
        try (stream) {
            return refused(new ApiResponse(stream.code(), stream.errorText(), ""));
        }
    }

    private static StreamAnswer refused(ApiResponse response) {
        var reply = Calls.read(response);
        int code = response.code() >= 400 && response.code() < 600 ? response.code() : 502;
        return new StreamAnswer.Refused(
                code,
                reply instanceof Reply.No no && !no.message().isEmpty() ? no.message() : "The region: " + reply.why());
    }

    /** Read only. */
    private record Log(ResponseStream response) implements StreamAnswer.Stream {
        @Override
        public int code() {
            return response.code();
        }

        @Override
        public Map<String, List<String>> headers() {
            return Map.of("content-type", List.of("text/plain"));
        }

        @Override
        public InputStream in() {
            return response.body();
        }

        @Override
        public OutputStream out() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void close() {
            response.close();
        }
    }

    private record Duplex(DuplexStream stream) implements StreamAnswer.Stream {
        @Override
        public int code() {
            return stream.code();
        }

        @Override
        public Map<String, List<String>> headers() {
            return stream.headers();
        }

        @Override
        public InputStream in() {
            return stream.in();
        }

        @Override
        public OutputStream out() {
            return stream.out();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
