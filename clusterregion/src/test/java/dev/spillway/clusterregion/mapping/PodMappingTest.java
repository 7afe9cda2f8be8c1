package dev.spillway.clusterregion.mapping;

import static dev.spillway.clusterregion.mapping.Samples.CPU;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodMappingTest {
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (kept|rewritten|dropped|refused)\\b.*");

    @Test
    void aPodOfADeploymentAsTheApiServerHasIt() {
        var home = Samples.file("plain.home.json");
        var before = home.deepCopy();

        var made = made(home, CPU, Samples.DEFAULT);

        assertThat(made.json()).isEqualTo(Samples.file("plain.region.json"));
        assertThat(made.namespace() + "/" + made.name()).isEqualTo("spillway-shop/web-7c5ddbdf54-x2x9k-0123456789");
        assertThat(home).as("the home pod stays as it is").isEqualTo(before);
    }

    @Test
    void onAcsLabelsSayWhatIsBought() {
        var expected = Samples.file("acs.region.json");

        var pod = made(Samples.file("plain.home.json"), Samples.offer("gpu", "best-effort", "L20"), Samples.ACS)
                .json();

        assertThat(pod.at("/metadata/labels")).isEqualTo(expected.path("labels"));
        assertThat(pod.at("/spec/nodeSelector")).isEqualTo(expected.path("nodeSelector"));
    }

    @Test
    void onAcsTheModelOfAWholeMachineIsSelectedByItsNode() {
        var pod = made(Samples.file("plain.home.json"), Samples.offer("gpu-hpn", "default", "P16EN"), Samples.ACS)
                .json();

        assertThat(pod.at("/spec/nodeSelector/alibabacloud.com~1gpu-model-series")
                        .asText())
                .isEqualTo("P16EN");
        assertThat(pod.at("/metadata/labels").has("alibabacloud.com/gpu-model-series"))
                .isFalse();
    }

    @Test
    void aModelIsSelectedByTheLabelsOfItsNodes() {
        var pod = made(Samples.file("plain.home.json"), Samples.offer("gpu", "default", "L20"), Samples.RICH)
                .json();

        assertThat(pod.at("/spec/nodeSelector"))
                .hasToString("{\"gpu.example/model\":\"l20\",\"zone.example/id\":\"region-b-1\"}");
    }

    @Test
    void aModelThatNobodyNamedIsNotOffered() {
        var mapped =
                Samples.map(Samples.file("plain.home.json"), Samples.offer("gpu", "default", "H800"), Samples.RICH);

        assertThat(mapped)
                .isEqualTo(new Mapped.Unfit(
                        new Refusal.NotOffered("GPU model H800: the Region's gpuModels do not name it.")));
    }

    @Test
    void noTextShowsThePodItself() {
        var made = made(Samples.file("plain.home.json"), CPU, Samples.DEFAULT);

        assertThat(made).hasToString("spillway-shop/web-7c5ddbdf54-x2x9k-0123456789");
    }

    static Stream<JsonNode> fields() {
        return StreamSupport.stream(Samples.file("fields.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aFieldBecomesWhatTheTableSays(JsonNode example) {
        var home = Samples.home(example.path("home"));

        var mapped =
                Samples.map(home, CPU, Samples.settings(example.path("settings").asText("default")));

        if (example.has("refused")) {
            assertThat(mapped)
                    .isEqualTo(new Mapped.Unfit(
                            new Refusal.Invalid(example.path("refused").asText())));
            return;
        }
        assertThat(mapped).isInstanceOf(Mapped.Made.class);
        var pod = ((Mapped.Made) mapped).json();
        if (example.has("kept")) {
            var at = example.path("kept").asText();
            assertThat(home.at(at).isMissingNode()).isFalse();
            assertThat(pod.at(at)).isEqualTo(home.at(at));
        } else if (example.path("region").isNull()) {
            assertThat(pod.at(example.path("at").asText()).isMissingNode()).isTrue();
        } else {
            assertThat(pod.at(example.path("at").asText())).isEqualTo(example.path("region"));
        }
    }

    /** Each row of the table in the documentation has an example, each example its row, and both say the same. */
    @Test
    void theDocumentationSaysWhatIsDone() throws IOException {
        var documented = new TreeMap<String, String>();
        for (var line : Files.readAllLines(Path.of("../docs/regions-kubernetes.md"))) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                documented.put(row.group(1), row.group(2));
            }
        }
        var examples = new TreeMap<String, TreeSet<String>>();
        fields().forEach(example -> examples.computeIfAbsent(example.path("row").asText(), row -> new TreeSet<>())
                .add(verdict(example)));

        assertThat(documented.keySet()).isEqualTo(examples.keySet());
        documented.forEach(
                (row, verdict) -> assertThat(examples.get(row)).as(row).contains(verdict));
    }

    private static String verdict(JsonNode example) {
        if (example.has("refused")) {
            return "refused";
        }
        return example.has("kept") ? "kept" : example.path("region").isNull() ? "dropped" : "rewritten";
    }

    private static Mapped.Made made(JsonNode home, Offer offer, ClusterRegionSettings settings) {
        var mapped = Samples.map(home, offer, settings);
        assertThat(mapped).isInstanceOf(Mapped.Made.class);
        return (Mapped.Made) mapped;
    }
}
