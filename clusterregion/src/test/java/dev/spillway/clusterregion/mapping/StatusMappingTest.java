package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import java.util.ArrayList;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Statuses are such as kubelets and controllers write them (Kubernetes documentation, "Pod Lifecycle" and "Disruptions"). */
class StatusMappingTest {
    static Stream<JsonNode> statuses() {
        return StreamSupport.stream(Samples.file("statuses.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aStatusOfTheRegionIsReportedAsTheTableSays(JsonNode example) throws JsonProcessingException {
        var report = report(pod(example), null);

        var instance = report.instance();
        var expected = example.path("instance");
        assertThat(instance.state().name()).isEqualTo(expected.path("state").asText());
        assertThat(instance.exitCode()).isEqualTo(expected.path("exitCode").asInt());
        assertThat(instance.reason()).isEqualTo(expected.path("reason").asText());
        assertThat(instance.message()).isEqualTo(expected.path("message").asText());
        assertThat(text(instance.ip())).isEqualTo(expected.path("ip").asText());
        assertThat(text(instance.hostIp())).isEqualTo(expected.path("hostIp").asText());
        assertThat(text(instance.startedAt()))
                .isEqualTo(expected.path("startedAt").asText());
        assertThat(text(instance.finishedAt()))
                .isEqualTo(expected.path("finishedAt").asText());
        var containers = new ArrayList<String>();
        expected.path("containers").forEach(container -> containers.add(container.asText()));
        assertThat(instance.containers()).map(StatusMappingTest::text).isEqualTo(containers);
        assertThat(instance.detail()).isNotZero();
        if (example.has("home")) {
            assertThat(Samples.JSON.readTree(report.status())).isEqualTo(example.path("home"));
        }
    }

    @Test
    void idTagsAndObservationAreThePods() {
        var report = report(pod(example("done")), null);

        assertThat(report.instance().id().value())
                .isEqualTo("spillway-shop/web-7c5ddbdf54-x2x9k-0123456789/0c1f6a1e-0000-4000-8000-000000000009");
        assertThat(PodId.parse(report.instance().id()))
                .map(PodId::uid)
                .contains("0c1f6a1e-0000-4000-8000-000000000009");
        assertThat(report.instance().tags()).isEqualTo(Samples.tags(Samples.file("plain.home.json"), Samples.CPU));
        assertThat(report.instance().observation()).isEqualTo(17);
    }

    /** As the API has it: "the generation observed by the component that wrote this". */
    @ParameterizedTest
    @CsvSource({"4, 4, 2", "5, 4, ", "0, 0, ", "4, 0, "})
    void aGenerationThatTheRegionsKubeletHasSeenIsTheHomePodsThatWasPassedOn(
            int generation, int observed, @Nullable Integer atHome) throws JsonProcessingException {
        var pod = pod(example("crash loop"));
        var metadata = (ObjectNode) pod.path("metadata");
        metadata.put("generation", generation);
        metadata.withObject("/annotations").put(Keys.PASSED_ON, "{\"edits\":\"1\",\"generation\":2}");
        var status = (ObjectNode) pod.path("status");
        status.put("observedGeneration", observed);
        status.withArray("/conditions").addObject().put("type", "Ready").put("observedGeneration", observed);

        var told = Samples.JSON.readTree(report(pod, null).status());

        assertThat(told.path("observedGeneration").asText()).isEqualTo(atHome == null ? "" : "" + atHome);
        assertThat(told.at("/conditions/0/observedGeneration")).isEqualTo(told.path("observedGeneration"));
    }

    @Test
    void statesOnlyMoveForward() {
        var failed = report(pod(example("evicted by its kubelet")), null);

        var later = report(pod(example("scheduled, image being pulled")), failed);

        assertThat(later.instance().state()).isEqualTo(Instance.State.FAILED);
        assertThat(later.instance().reason()).isEqualTo("Evicted");
        assertThat(later.status()).isEqualTo(failed.status());
    }

    @Test
    void aRestartDoesNotHideTheFirstStart() {
        var first = report(pod(example("its node is silent")), null);

        var later = report(pod(example("crash loop")), first);

        assertThat(later.instance().startedAt()).hasToString("2026-03-01T09:00:30Z");
    }

    @Test
    void theDetailChangesWithTheStatusAndWithNothingElse() {
        var example = example("running after a restart, with what other controllers of the region wrote");
        long detail = report(pod(example), null).instance().detail();

        assertThat(detailAfter(example, pod -> ((ObjectNode) pod.path("metadata")).put("resourceVersion", "99")))
                .isEqualTo(detail);
        assertThat(detailAfter(example, pod -> ((ObjectNode) pod.at("/status/conditions/4")).put("reason", "x")))
                .as("PodScheduled")
                .isEqualTo(detail);
        assertThat(detailAfter(example, pod -> {
                    var status = (ObjectNode) pod.path("status");
                    status.set("phase", status.remove("phase")); // now its last field
                }))
                .as("the order of fields")
                .isEqualTo(detail);
        assertThat(detailAfter(
                        example, pod -> ((ObjectNode) pod.at("/status/containerStatuses/0")).put("restartCount", 2)))
                .isNotEqualTo(detail);
        assertThat(detailAfter(example, pod -> ((ObjectNode) pod.at("/status/conditions/2")).put("status", "False")))
                .isNotEqualTo(detail);
    }

    @Test
    void aGonePodKeepsItsLastStatus() {
        var last = report(pod(example("done")), null);

        var gone = last.gone(5);

        assertThat(gone.instance().state()).isEqualTo(Instance.State.GONE);
        assertThat(gone.instance().observation()).isGreaterThan(last.instance().observation());
        assertThat(gone.instance().detail()).isEqualTo(last.instance().detail());
        assertThat(gone.status()).isEqualTo(last.status());
        assertThat(last.gone(99).instance().observation()).isEqualTo(99);
    }

    @Test
    void aPodIsAnInstanceOnceItIsScheduled() throws JsonProcessingException {
        var scheduled = Samples.JSON.readTree("{\"spec\": {\"nodeName\": \"n\"}}");
        var not = Samples.JSON.readTree(
                "{\"status\": {\"conditions\": [{\"type\": \"PodScheduled\", \"status\": \"False\", \"reason\":"
                        + " \"Unschedulable\", \"message\": \"0/3 nodes are available:\\n3 Insufficient cpu.\"}]}}");
        var gated = Samples.JSON.readTree(
                "{\"status\": {\"conditions\": [{\"type\": \"PodScheduled\", \"status\": \"False\", \"reason\":"
                        + " \"SchedulingGated\"}]}}");

        assertThat(StatusMapping.isScheduled(scheduled)).isTrue();
        assertThat(StatusMapping.unschedulable(scheduled)).isNull();
        assertThat(StatusMapping.isScheduled(not)).isFalse();
        assertThat(StatusMapping.unschedulable(not)).isEqualTo("0/3 nodes are available: 3 Insufficient cpu.");
        ((ObjectNode) not.path("status")).put("nominatedNodeName", "node-1");
        assertThat(StatusMapping.unschedulable(not)).as("room is being made").isNull();
        assertThat(StatusMapping.isScheduled(gated)).isFalse();
        assertThat(StatusMapping.unschedulable(gated)).isNull();
    }

    private static long detailAfter(JsonNode example, Consumer<ObjectNode> change) {
        var pod = pod(example);
        change.accept(pod);
        return report(pod, null).instance().detail();
    }

    static PodReport report(JsonNode pod, @Nullable PodReport before) {
        var ownership = Ownership.read(pod, Samples.CLUSTER, Samples.REGION).orElseThrow();
        return StatusMapping.report(pod, PodId.of(pod).orElseThrow(), ownership, 17, before);
    }

    private static JsonNode example(String about) {
        return statuses()
                .filter(example -> example.path("about").asText().equals(about))
                .findFirst()
                .orElseThrow();
    }

    static ObjectNode pod(JsonNode example) {
        var pod = ((ObjectNode) Samples.file("plain.region.json")).deepCopy();
        var metadata = (ObjectNode) pod.path("metadata");
        metadata.put("uid", "0c1f6a1e-0000-4000-8000-000000000009").put("resourceVersion", "17");
        if (example.path("deleting").asBoolean()) {
            metadata.put("deletionTimestamp", "2026-03-01T12:00:00Z");
        }
        if (example.has("images")) {
            ((ObjectNode) metadata.path("annotations"))
                    .put(Keys.IMAGES, example.path("images").toString());
        }
        ((ObjectNode) pod.path("spec")).put("nodeName", "node-7");
        pod.set("status", example.path("status").deepCopy());
        return pod;
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }

    private static String text(ContainerReport container) {
        if (container.finishedAt() != null) {
            return "%s ended %d %s".formatted(container.name(), container.exitCode(), container.reason());
        }
        return container.startedAt() != null
                ? "%s since %s".formatted(container.name(), container.startedAt())
                : "%s waiting %s".formatted(container.name(), container.reason());
    }
}
