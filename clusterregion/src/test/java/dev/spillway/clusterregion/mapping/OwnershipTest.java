package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Tags;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnershipTest {
    private final JsonNode home = Samples.file("plain.home.json");

    @Test
    void whatIsWrittenIsReadBack() {
        var offer = new Offer(Samples.REGION, new ZoneId("zone \"1\"\n"), "gpu", "best-effort", "L20", true);
        var common = Samples.tags(home, offer);
        var tags = new Tags(
                common.clusterId(), common.podUid(), common.pod(), offer, "", Long.MAX_VALUE, Integer.MAX_VALUE, 7);
        var request = Samples.request(home, offer);
        var made = (Mapped.Made) new PodMapping(Samples.ACS)
                .map(
                        home,
                        new AcquireRequest(
                                request.token(),
                                tags,
                                request.resources(),
                                request.containers(),
                                request.restartPolicy()));

        assertThat(read(made.json())).contains(new Ownership(tags, Samples.TOKEN));
    }

    @Test
    void aPodOfAnotherClusterOrRegionIsNotOurs() {
        assertThat(read(pod())).isPresent();
        assertThat(Ownership.read(pod(), "another-cluster", Samples.REGION)).isEmpty();
        assertThat(Ownership.read(pod(), Samples.CLUSTER, new RegionId("region-c")))
                .isEmpty();
    }

    @Test
    void whatDoesNotAgreeIsNotOurs() {
        assertThat(changed(pod -> labels(pod).put(Keys.CLUSTER, "x"))).isEmpty();
        assertThat(changed(pod -> labels(pod).put(Keys.POD_UID, "x"))).isEmpty();
        assertThat(changed(pod -> labels(pod).put(Keys.TOKEN, "f".repeat(40)))).isEmpty();
        assertThat(changed(pod -> labels(pod).remove(Keys.TOKEN))).isEmpty();
        assertThat(changed(pod -> labels(pod).putArray(Keys.TOKEN))).isEmpty();
        assertThat(changed(pod -> ((ObjectNode) pod.path("metadata")).put("name", "web-0123456789")))
                .isEmpty();
        assertThat(changed(pod -> pod.remove("metadata"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{}",
                "{\"cluster\":",
                "%s %s",
                "{\"token\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}",
            })
    void aMalformedAnnotationIsNotOurs(String text) {
        var whole = pod().at("/metadata/annotations").path(Keys.TAGS).asText();

        assertThat(annotated(text.replace("%s", whole))).isEmpty();
    }

    @Test
    void aHostileAnnotationIsNotOurs() {
        var whole = pod().at("/metadata/annotations").path(Keys.TAGS).asText();

        assertThat(annotated(whole)).isPresent();
        assertThat(annotated(whole.replace("{", "{\"unit\":1,")))
                .as("a field twice")
                .isEmpty();
        assertThat(annotated(whole.replace("\"unit\":2", "\"unit\":-2"))).isEmpty();
        assertThat(annotated(whole.replace("\"unit\":2", "\"unit\":2e99"))).isEmpty();
        assertThat(annotated(whole.replace("\"unit\":2", "\"unit\":\"2\""))).isEmpty();
        assertThat(annotated(whole.replace("\"spot\":false", "\"spot\":0"))).isEmpty();
        assertThat(annotated(whole.replace("cheap-first", "x".repeat(254)))).isEmpty();
        assertThat(annotated(whole.replace("0123456789abcdef\"", "0123456789ABCDEF\"")))
                .isEmpty();
        assertThat(annotated("[".repeat(100_000))).isEmpty();
        assertThat(annotated("{\"a\":".repeat(1_500))).isEmpty();
        assertThat(annotated(whole.replace("{", "{\"x\":\"" + "y".repeat(9_000) + "\",")))
                .isEmpty();
    }

    @Test
    void aLaterReleaseMayAddFields() {
        var whole = pod().at("/metadata/annotations").path(Keys.TAGS).asText();

        assertThat(annotated(whole.replace("{", "{\"later\":[1],"))).isPresent();
    }

    private Optional<Ownership> annotated(String text) {
        return changed(pod -> ((ObjectNode) pod.at("/metadata/annotations")).put(Keys.TAGS, text));
    }

    private Optional<Ownership> changed(Consumer<ObjectNode> change) {
        var pod = pod();
        change.accept(pod);
        return read(pod);
    }

    private static ObjectNode labels(JsonNode pod) {
        return (ObjectNode) pod.at("/metadata/labels");
    }

    private ObjectNode pod() {
        return ((Mapped.Made) Samples.map(home, Samples.CPU, Samples.DEFAULT)).json();
    }

    private static Optional<Ownership> read(JsonNode pod) {
        return Ownership.read(pod, Samples.CLUSTER, Samples.REGION);
    }
}
