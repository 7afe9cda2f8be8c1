package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be edited, and how, is Kubernetes' documentation ("Pod update and replacement", "Resize CPU and Memory", "Ephemeral Containers"). */
class EditMappingTest {
    private static final ObjectNode NONE = Samples.JSON.createObjectNode();

    static Stream<JsonNode> edits() {
        return StreamSupport.stream(Samples.file("edits.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("edits")
    void whatIsEditedAtHomeBecomesWhatTheTableSays(JsonNode example) {
        var settings = example.path("settings").asText("default").equals("acs")
                ? Samples.ACS
                : Samples.settings(example.path("settings").asText("default"));
        var there = there(settings, example.path("there"));
        var home = Samples.home(example.path("home"));
        var before = there.deepCopy();

        var edits = edits(settings, home, there);

        assertThat(edits.unfit()).isEqualTo(texts(example.path("unfit")));
        assertThat(edits.added()).hasSameSizeAs(example.path("added"));
        for (int i = 0; i < edits.added().size(); i++) {
            assertThat(edits.added().get(i).patch().at("/spec/ephemeralContainers/0"))
                    .isEqualTo(example.path("added").get(i));
        }
        assertThat(spec(edits.resize())).isEqualTo(or(example.path("resize")));
        assertThat(spec(edits.spec())).isEqualTo(or(example.path("spec")));
        var metadata = edits.metadata(true, true);
        assertThat(metadata == null).isEqualTo(!example.has("home") || home.equals(Samples.home(NONE)));
        var patch = metadata == null ? NONE : (ObjectNode) metadata.path("metadata");
        assertThat(or(patch.path("labels"))).isEqualTo(or(example.path("labels")));
        assertThat(withoutPassedOn(patch)).isEqualTo(or(example.path("annotations")));
        assertThat(there).as("the region's pod stays as it is").isEqualTo(before);
    }

    @Test
    void everyPatchIsForOnePodOnly() {
        var there = there(Samples.DEFAULT, NONE);
        var home = Samples.home(Samples.file("edits.json").path(3).path("home"));

        var edits = edits(Samples.DEFAULT, home, there);

        assertThat(edits.added().getFirst().patch().at("/metadata/uid").asText())
                .isEqualTo("uid-there");
        var metadata = Objects.requireNonNull(edits.metadata(true, true));
        assertThat(metadata.at("/metadata/uid").asText()).isEqualTo("uid-there");
    }

    @Test
    void whatWasPassedOnIsRememberedAndWhatWasRefusedIsNot() {
        var there = there(Samples.DEFAULT, NONE);
        var home = Samples.home(Samples.JSON
                .createObjectNode()
                .set("spec", Samples.file("edits.json").path(9).at("/home/spec")));
        ((ObjectNode) home.at("/spec/containers/0/resources/requests")).put("cpu", "2");
        home.withObject("/metadata").put("generation", 3);

        var all = annotations(edits(Samples.DEFAULT, home, there).metadata(true, true));
        var none = annotations(edits(Samples.DEFAULT, home, there).metadata(false, false));

        assertThat(all.path(Keys.PASSED_ON).asText()).contains("\"cpu\":\"2\"");
        assertThat(all.path(Keys.IMAGES).asText()).contains("nginx:1.28");
        assertThat(none.path(Keys.PASSED_ON).asText()).contains("\"cpu\":\"500m\"");
        assertThat(none.has(Keys.IMAGES)).isFalse();
        assertThat(all.path(Keys.PASSED_ON).asText()).contains("\"generation\":3");
        assertThat(none.path(Keys.PASSED_ON).asText()).doesNotContain("generation");
    }

    @Test
    void aPodThatIsMadeWithoutItsEphemeralContainersHasNotBeenGivenEverything() {
        var home = Samples.home(Samples.file("edits.json").path(3).path("home"));

        var mapped = Samples.map(home, Samples.CPU, Samples.DEFAULT);

        assertThat(PassedOn.read(((Mapped.Made) mapped).json()).edits()).isEmpty();
    }

    @Test
    void aBindingAloneIsNoEdit() throws JsonProcessingException {
        var bound = Samples.home(Samples.JSON.readTree("""
                {"metadata": {
                  "labels": {"topology.kubernetes.io/region": "region-b", "topology.kubernetes.io/zone": "region-b-1"},
                  "annotations": {"topology.kubernetes.io/region": "region-b", "topology.kubernetes.io/zone": "region-b-1",
                                  "alibabacloud.com/instance-id": "i-1", "spillway.dev/unit": "1"}},
                 "spec": {"nodeName": "virtual-kubelet-region-b-1"}}"""));

        var edits = edits(Samples.DEFAULT, bound, there(Samples.DEFAULT, NONE));

        assertThat(edits.metadata(true, true)).isNull();
    }

    @Test
    void theHomePodsGenerationIsRememberedWithWhatWasPassedOn() {
        var made = Samples.map(home(1), Samples.CPU, Samples.DEFAULT);
        var there = ((Mapped.Made) made).json();

        var passedOn = annotations(edits(Samples.DEFAULT, home(3), there).metadata(true, true))
                .path(Keys.PASSED_ON);

        assertThat(PassedOn.read(there).generation()).isEqualTo(1);
        assertThat(passedOn.asText()).contains("\"generation\":3");
    }

    private static JsonNode home(int generation) {
        var home = Samples.home(NONE);
        home.withObject("/metadata").put("generation", generation);
        return home;
    }

    @Test
    void whatARegionSaysWasPassedOnNeedNotBeReadable() {
        var there = there(Samples.DEFAULT, NONE);
        ((ObjectNode) there.at("/metadata/annotations")).put(Keys.PASSED_ON, "{\"edits\": [");

        var edits = edits(Samples.DEFAULT, Samples.home(NONE), there);

        assertThat(annotations(edits.metadata(true, true)).has(Keys.PASSED_ON)).isTrue();
        assertThat(edits.resize()).isNull();
    }

    private static JsonNode annotations(@Nullable ObjectNode patch) {
        return Objects.requireNonNull(patch).at("/metadata/annotations");
    }

    private static Edits edits(ClusterRegionSettings settings, JsonNode home, JsonNode there) {
        var ownership = new Ownership(Samples.tags(home, Samples.CPU), Samples.TOKEN);
        return new EditMapping(settings).edits(home, there, ownership);
    }

    /** The region's pod as it was made, changed by a merge patch. */
    private static JsonNode there(ClusterRegionSettings settings, JsonNode patch) {
        var made = Samples.map(Samples.home(NONE), Samples.CPU, settings);
        var there = ((Mapped.Made) made).json();
        there.withObject("/metadata").put("uid", "uid-there");
        Samples.merge(there, patch);
        return there;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode spec(@Nullable ObjectNode patch) {
        return patch == null ? NONE : patch.path("spec");
    }

    private static JsonNode or(JsonNode node) {
        return node.isMissingNode() ? NONE : node;
    }

    private static JsonNode withoutPassedOn(ObjectNode metadata) {
        return metadata.path("annotations") instanceof ObjectNode annotations
                ? annotations.deepCopy().without(Keys.PASSED_ON)
                : NONE;
    }
}
