package dev.spillway.clusterregion.call;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Decoder;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads one watch until it ends. Immutable. */
public final class WatchReader {
    private final ApiClient client;
    private final Duration longestSilence;

    /** Without an event or bookmark for so long a watch is taken for dead. */
    public WatchReader(ApiClient client, Duration longestSilence) {
        this.client = client;
        this.longestSilence = longestSilence;
    }

    /** What a watch brings, to the thread that reads it. */
    public interface Sink {
        /** The server took the watch. */
        void opened();

        /** An object is there, new or changed. */
        void changed(JsonNode object);

        /** An object is gone; as it was last. */
        void deleted(JsonNode object);

        /** Everything up to this version has been brought. */
        void reached(long version);
    }

    /** Returns when the server ends it: null in good order, else with its refusal. {@link IOException} for anything else. */
    public @Nullable Reply read(String path, Sink sink) throws IOException {
        try (var response = client.open(ApiRequest.get(path), longestSilence)) {
            if (response.code() != 200) {
                return Calls.read(new ApiResponse(response.code(), response.errorText(), response.retryAfter()));
            }
            sink.opened();
            try (var parser = Decoder.parser(response.body())) {
                JsonToken token;
                while ((token = parser.nextToken()) != null) {
                    if (token != JsonToken.START_OBJECT) {
                        throw new IOException("it sent something else than events");
                    }
                    var refusal = event(Decoder.tree(parser), sink);
                    if (refusal != null) {
                        return refusal;
                    }
                }
            }
            return null;
        }
    }

    private static @Nullable Reply event(JsonNode event, Sink sink) throws IOException {
        var object = event.path("object");
        switch (event.path("type").asText()) {
            case "ADDED", "MODIFIED" -> sink.changed(object);
            case "DELETED" -> sink.deleted(object);
            case "BOOKMARK" -> {}
            case "ERROR" -> {
                int code = object.path("code").asInt(500);
                return new Reply.No(code, object.path("reason").asText(), "it ended the watch", 0, object);
            }
            default -> throw new IOException("it sent an event of no known type");
        }
        long version = Versions.of(object);
        if (version < 0) {
            throw new IOException("it sent an object without a version");
        }
        sink.reached(version);
        return null;
    }
}
