package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.port.Tags;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventMappingTest {
    static Stream<JsonNode> events() {
        return StreamSupport.stream(Samples.file("events.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventThereIsOneAtHome(JsonNode example) {
        var home = EventMapping.whole(event(example.path("region")), tags());

        var metadata = home.remove("metadata");
        assertThat(home).isEqualTo(example.path("home"));
        assertThat(metadata.path("namespace").asText()).isEqualTo("shop");
        assertThat(metadata.path("name").asText()).matches("web-7c5ddbdf54-x2x9k\\.[0-9a-f]{16}");
    }

    @Test
    void eachEventHasItsNameForEver() {
        var first = (ObjectNode) first();
        var name = EventMapping.name(event(first), tags());

        first.put("count", 9).put("message", "and again");
        assertThat(EventMapping.name(event(first), tags())).isEqualTo(name);
        ((ObjectNode) first.path("metadata")).put("uid", "another");
        assertThat(EventMapping.name(event(first), tags())).isNotEqualTo(name);
    }

    @Test
    void whatIsNotAboutAPodIsNoEventOfOurs() {
        var ofNode = first();
        ((ObjectNode) ofNode.path("involvedObject")).put("kind", "Node");
        var timeless = (ObjectNode) first();
        timeless.remove("lastTimestamp");

        assertThat(RegionEvent.read(ofNode)).isEmpty();
        assertThat(RegionEvent.read(timeless)).isEmpty();
        assertThat(RegionEvent.read(Samples.JSON.createObjectNode())).isEmpty();
    }

    @Test
    void whichNodeAPodHasIsForItsOwnSchedulerToSay() {
        var answer = (ObjectNode) first();

        assertThat(EventMapping.isForHome(event(answer.put("reason", "FailedScheduling"))))
                .isFalse();
        assertThat(EventMapping.isForHome(event(answer.put("reason", "Scheduled"))))
                .isFalse();
        assertThat(EventMapping.isForHome(event(first()))).isTrue();
    }

    private static JsonNode first() {
        return events().findFirst().orElseThrow().path("region").deepCopy();
    }

    private static RegionEvent event(JsonNode json) {
        return RegionEvent.read(json).orElseThrow();
    }

    private static Tags tags() {
        return Samples.tags(Samples.file("plain.home.json"), Samples.CPU);
    }
}
