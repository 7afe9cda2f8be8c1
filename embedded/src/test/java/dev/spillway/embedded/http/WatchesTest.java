package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // a watch that is never answered would hang for ever
class WatchesTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final Face face = new Face();

    @AfterEach
    void stop() {
        face.close();
    }

    @Test
    void eachChangeIsOneLine() {
        face.post(MAPS, "{'metadata':{'name':'before'}}");
        JsonNode list = face.get(MAPS).json();
        String version = list.path("metadata").path("resourceVersion").asText();
        Face.Events events = face.watch(MAPS + "?watch=true&resourceVersion=" + version);

        JsonNode created = face.post(MAPS, "{'metadata':{'name':'a'}}").json();
        face.merge(MAPS + "/a", "{'metadata':{'labels':{'x':'y'}}}");
        face.delete(MAPS + "/a");

        JsonNode added = events.next();
        assertThat(added.path("type").asText()).isEqualTo("ADDED");
        assertThat(added.path("object")).isEqualTo(created);
        assertThat(events.next().path("type").asText()).isEqualTo("MODIFIED");
        assertThat(events.next().path("type").asText()).isEqualTo("DELETED");
    }

    /** What fabric8's client asks for first; it goes on with plain HTTP at this answer only. */
    @Test
    void aWatchByWebSocketIsAnsweredAtOnceAndEmpty() throws IOException {
        URI server = face.cluster().endpoint();
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream().write("""
                    GET %s?watch=true HTTP/1.1\r
                    Host: localhost\r
                    Connection: Upgrade\r
                    Upgrade: websocket\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                    Sec-WebSocket-Version: 13\r
                    \r
                    """.formatted(Face.PODS).getBytes(StandardCharsets.US_ASCII));
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .lines()
                    .takeWhile(line -> !line.isEmpty())
                    .toList();

            assertThat(lines.getFirst()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(lines).contains("Content-Length: 0");
        }
    }

    @Test
    void theInitialEventsEndWithABookmark() {
        face.post(Face.PODS, Face.pod("a"));

        Face.Events events = face.watch(Face.PODS
                + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");

        assertThat(events.next().path("type").asText()).isEqualTo("ADDED");
        JsonNode bookmark = events.next();
        assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
        assertThat(bookmark.path("object")
                        .path("metadata")
                        .path("annotations")
                        .path("k8s.io/initial-events-end")
                        .asText())
                .isEqualTo("true");
    }

    @Test
    void aQuietWatchIsToldItsVersionEachMinute() {
        Face.Events events = face.watch(Face.PODS + "?watch=true&resourceVersion=1&allowWatchBookmarks=true");

        face.advance(Duration.ofMinutes(2));

        assertThat(events.next().path("type").asText()).isEqualTo("BOOKMARK");
    }

    @Test
    void aWatchEndsWhenItsTimeIsOver() {
        Face.Events events = face.watch(Face.PODS + "?watch=true&timeoutSeconds=60");

        face.advance(Duration.ofSeconds(61));

        assertThat(events.ends()).isTrue();
    }

    @Test
    void aRefusedWatchIsAnsweredWithAStatus() {
        assertThat(face.get(Face.PODS + "?watch=true&resourceVersionMatch=Exact")
                        .code())
                .isEqualTo(422);
    }

    @Test
    void theEndOfTheClusterEndsItsWatches() {
        Face.Events events = face.watch(Face.PODS + "?watch=true");

        face.cluster().close();

        assertThat(events.ends()).isTrue();
    }

    @Test
    void aTableNamesItsColumnsInTheFirstEventOnly() {
        Face.Events events = face.watch(Face.PODS + "?watch=true", Face.TABLE);

        face.post(Face.PODS, Face.pod("a"));
        face.post(Face.PODS, Face.pod("b"));

        JsonNode first = events.next().path("object");
        assertThat(first.path("kind").asText()).isEqualTo("Table");
        assertThat(first.path("columnDefinitions").path(0).path("name").asText())
                .isEqualTo("Name");
        assertThat(first.path("rows").path(0).path("cells").path(0).asText()).isEqualTo("a");
        JsonNode second = events.next().path("object");
        assertThat(second.path("columnDefinitions").isNull()).isTrue();
        assertThat(second.path("rows").path(0).path("cells").path(0).asText()).isEqualTo("b");
    }

    @Test
    void anObjectIsSerialisedOnceForAllWhoAreShownIt() {
        SharedBytes texts = new SharedBytes(1_000);
        ObjectNode object = Trees.freeze(Trees.object().put("name", "a"));

        byte[] first = texts.of(object);
        byte[] second = texts.of(object);

        assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("{\"name\":\"a\"}");
        assertThat(second).isSameAs(first);
        assertThat(texts.serialised()).isEqualTo(1);
    }

    @Test
    void whatWasUsedLongestAgoIsForgottenFirst() {
        SharedBytes texts = new SharedBytes(25);
        ObjectNode a = Trees.freeze(Trees.object().put("name", "a"));
        ObjectNode b = Trees.freeze(Trees.object().put("name", "b"));
        ObjectNode c = Trees.freeze(Trees.object().put("name", "c"));
        texts.of(a);
        texts.of(b);
        texts.of(a);

        texts.of(c);
        texts.of(a);

        assertThat(texts.serialised()).isEqualTo(3);
    }
}
