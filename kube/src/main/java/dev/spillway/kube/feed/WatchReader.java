package dev.spillway.kube.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads one watch of one kind until it ends. */
final class WatchReader {
    private final ApiClient client;
    private final Kind kind;
    private final FeedSettings settings;

    WatchReader(ApiClient client, Kind kind, FeedSettings settings) {
        this.client = client;
        this.kind = kind;
        this.settings = settings;
    }

    /** What a watch brings. */
    interface Sink {
        /** The server took the watch. */
        void opened();

        void seen(Item item);

        void deleted(Item item);

        /** Everything up to this version has been brought. */
        void reached(long version);
    }

    /**
     * Watches from a version on; returns when the server ends the watch in good order, which it does after {@code length}. {@link
     * BadAnswerException} where it refuses or ends it with an error, {@link IOException} where the connection broke, fell silent or
     * brought what cannot be read.
     */
    void read(long version, Duration length, Sink sink) throws IOException {
        var path = "%s?watch=1&allowWatchBookmarks=true&resourceVersion=%d&timeoutSeconds=%d%s"
                .formatted(kind.path(), version, Math.max(1, length.toSeconds()), kind.restriction());
        try (var response = client.open(ApiRequest.get(path), settings.longestSilence())) {
            if (response.code() != 200) {
                throw new BadAnswerException(
                        new ApiResponse(response.code(), response.errorText(), response.retryAfter()));
            }
            sink.opened();
            try (var parser = Decoder.parser(response.body())) {
                JsonToken token;
                while ((token = parser.nextToken()) != null) {
                    if (token != JsonToken.START_OBJECT) {
                        throw new IOException("The API server sent %s instead of a watch event.".formatted(token));
                    }
                    event(parser, sink);
                }
            }
        }
    }

    private void event(JsonParser parser, Sink sink) throws IOException {
        var type = "";
        Item item = null;
        JsonNode tree = null; // bookmarks, errors, and objects that come before their type
        String field;
        while ((field = parser.nextFieldName()) != null) {
            parser.nextToken();
            switch (field) {
                case "type" -> type = parser.getText();
                case "object" -> {
                    if (type.isEmpty() || type.equals("BOOKMARK") || type.equals("ERROR")) {
                        tree = Decoder.tree(parser);
                    } else {
                        item = Item.read(kind, parser);
                    }
                }
                default -> parser.skipChildren();
            }
        }
        deliver(type, item, tree, sink);
    }

    private void deliver(String type, @Nullable Item item, @Nullable JsonNode tree, Sink sink) throws IOException {
        switch (type) {
            case "ADDED", "MODIFIED" -> {
                var seen = item(type, item, tree);
                sink.seen(seen);
                sink.reached(seen.version());
            }
            case "DELETED" -> {
                var deleted = item(type, item, tree);
                sink.deleted(deleted);
                sink.reached(deleted.version());
            }
            case "BOOKMARK" -> {
                if (tree != null) {
                    sink.reached(Item.version(
                            tree.path("metadata").path("resourceVersion").asText()));
                }
            }
            case "ERROR" -> {
                var code = tree == null ? 500 : tree.path("code").asInt(500);
                throw new BadAnswerException(ApiResponse.of(code, String.valueOf(tree)));
            }
            default -> throw new IOException("The API server sent a watch event of type \"%s\".".formatted(type));
        }
    }

    private Item item(String type, @Nullable Item item, @Nullable JsonNode tree) throws IOException {
        if (item != null) {
            return item;
        }
        if (tree == null) {
            throw new IOException("The API server sent a watch event %s without an object.".formatted(type));
        }
        return Item.of(kind, tree);
    }
}
