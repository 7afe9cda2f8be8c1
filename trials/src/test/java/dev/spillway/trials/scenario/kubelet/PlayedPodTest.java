package dev.spillway.trials.scenario.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PlayedPodTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = Instant.parse("2026-01-01T12:01:00.5Z");

    private static final JsonNode BOUND = yaml("""
        metadata: {name: web-1}
        spec:
          nodeName: a1
          readinessGates: [{conditionType: example.com/warmed-up}]
          containers: [{name: web, image: nginx}]
        status:
          phase: Pending
          conditions: [{type: PodScheduled, status: "True", lastTransitionTime: "2026-01-01T11:00:00Z"}]
        """);

    @Test
    void aRunningPodShowsPhaseConditionsAndContainers() {
        var running = PlayedPod.running(BOUND, true, NOON);

        assertThat(PlayedPod.shows(BOUND, true)).isFalse();
        assertThat(PlayedPod.shows(running, true)).isTrue();
        assertThat(PlayedPod.shows(running, false)).isFalse();
        assertThat(running.at("/status/startTime").asText()).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(running.at("/status/containerStatuses/0/state/running/startedAt")
                        .asText())
                .isEqualTo("2026-01-01T12:00:00Z");
    }

    @Test
    void onlyConditionsThatChangeGetANewTime() {
        var running = PlayedPod.running(BOUND, true, NOON);
        var unready = PlayedPod.running(running, false, LATER);

        assertThat(timeOf(unready, "PodScheduled")).isEqualTo("2026-01-01T11:00:00Z");
        assertThat(timeOf(unready, "Initialized")).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(timeOf(unready, "Ready")).isEqualTo("2026-01-01T12:01:00Z");
        assertThat(unready.at("/status/startTime").asText()).isEqualTo("2026-01-01T12:00:00Z");
    }

    @Test
    void aReadinessGateHoldsBackUntilItsConditionIsTrue() {
        ObjectNode warm = BOUND.deepCopy();
        warm.withArray("/status/conditions")
                .addObject()
                .put("type", "example.com/warmed-up")
                .put("status", "True");

        assertThat(PlayedPod.passesReadinessGates(BOUND)).isFalse();
        assertThat(PlayedPod.passesReadinessGates(warm)).isTrue();
    }

    private static String timeOf(JsonNode pod, String type) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("lastTransitionTime").asText();
            }
        }
        return "none";
    }

    private static JsonNode yaml(String text) {
        try {
            return new ObjectMapper(new YAMLFactory()).readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
