package dev.spillway.kube.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a complete list of one kind, page by page, from the API server's own store: no resourceVersion is given, so it is as
 * of now. All pages are of the first one's version.
 */
final class ListReader {
    private final ApiClient client;
    private final Kind kind;
    private final FeedSettings settings;

    ListReader(ApiClient client, Kind kind, FeedSettings settings) {
        this.client = client;
        this.kind = kind;
        this.settings = settings;
    }

    /** A complete list. */
    record Listing(List<Item> items, long version) {}

    /** Reads it. {@link BadAnswerException} for an HTTP status that is no success. */
    Listing read() throws IOException {
        var items = new ArrayList<Item>();
        var page = new Page("", "");
        do {
            var path = kind.path() + "?limit=" + settings.pageSize()
                    + kind.restriction()
                    + (page.next().isEmpty()
                            ? ""
                            : "&continue=" + URLEncoder.encode(page.next(), StandardCharsets.UTF_8));
            int before = items.size();
            var asked = page.next();
            page = read(path, items);
            if (!page.next().isEmpty() && (items.size() == before || page.next().equals(asked))) {
                throw new IOException(
                        "The API server sends pages without end at %s: the last one leads on and brings nothing new."
                                .formatted(kind.path()));
            }
        } while (!page.next().isEmpty());
        return new Listing(items, Item.version(page.version()));
    }

    private record Page(String version, String next) {}

    private Page read(String path, List<Item> items) throws IOException {
        try (var response = client.open(ApiRequest.get(path), settings.longestSilence())) {
            if (response.code() != 200) {
                throw new BadAnswerException(
                        new ApiResponse(response.code(), response.errorText(), response.retryAfter()));
            }
            try (var parser = Decoder.parser(response.body())) {
                return page(parser, items);
            }
        }
    }

    private Page page(JsonParser parser, List<Item> items) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("The API server sent no list at %s.".formatted(kind.path()));
        }
        var metadata = new Page("", "");
        boolean hasItems = false;
        String field;
        while ((field = parser.nextFieldName()) != null) {
            parser.nextToken();
            switch (field) {
                case "metadata" -> {
                    var tree = Decoder.tree(parser);
                    metadata = new Page(
                            tree.path("resourceVersion").asText(),
                            tree.path("continue").asText());
                }
                case "items" -> {
                    hasItems = true;
                    readItems(parser, items);
                }
                default -> parser.skipChildren();
            }
        }
        // An object that is no list says nothing about what there is, least of all that there is nothing.
        if (parser.currentToken() != JsonToken.END_OBJECT || !hasItems) {
            throw new IOException("The API server sent no complete list at %s.".formatted(kind.path()));
        }
        return metadata;
    }

    private void readItems(JsonParser parser, List<Item> items) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return; // null for an empty list
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            items.add(Item.read(kind, parser));
        }
    }
}
