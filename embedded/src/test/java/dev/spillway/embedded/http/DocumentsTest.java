package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {

    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private final Face face = new Face();

    @AfterEach
    void stop() {
        face.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/livez", "/readyz"})
    void itIsWell(String path) {
        assertThat(face.get(path).text()).isEqualTo("ok");
    }

    @Test
    void itCallsItselfWhatItWasRecordedFrom() {
        assertThat(face.get("/version").json().path("gitVersion").asText()).isEqualTo("v1.37.2");
    }

    @Test
    void bothFormsOfDiscoveryNameTheSameThings() {
        TreeSet<String> aggregated = new TreeSet<>();
        for (String path : List.of("/api", "/apis")) {
            Face.Answer answer = face.get(path, AGGREGATED);
            assertThat(answer.type()).isEqualTo(MediaTypes.AGGREGATED_DISCOVERY);
            for (JsonNode group : answer.json().path("items")) {
                String name = group.path("metadata").path("name").asText();
                for (JsonNode version : group.path("versions")) {
                    String place = (name.isEmpty() ? "" : name + "/")
                            + version.path("version").asText();
                    for (JsonNode resource : version.path("resources")) {
                        String plural = resource.path("resource").asText();
                        aggregated.add(place + " " + plural);
                        resource.path("subresources")
                                .forEach(part -> aggregated.add(place + " " + plural + "/"
                                        + part.path("subresource").asText()));
                    }
                }
            }
        }

        TreeSet<String> plain = new TreeSet<>();
        List<String> lists = new ArrayList<>(List.of("/api/v1"));
        for (JsonNode group : face.get("/apis").json().path("groups")) {
            assertThat(face.get("/apis/" + group.path("name").asText())
                            .json()
                            .path("kind")
                            .asText())
                    .isEqualTo("APIGroup");
            lists.add("/apis/"
                    + group.path("preferredVersion").path("groupVersion").asText());
        }
        for (String list : lists) {
            JsonNode resources = face.get(list).json();
            for (JsonNode resource : resources.path("resources")) {
                plain.add(resources.path("groupVersion").asText() + " "
                        + resource.path("name").asText());
            }
        }

        assertThat(plain).isEqualTo(aggregated).contains("v1 pods/binding", "apps/v1 deployments/scale");
    }

    @Test
    void everythingThatIsDiscoveredIsServed() {
        for (JsonNode group : face.get("/apis").json().path("groups")) {
            String place = "/apis/"
                    + group.path("preferredVersion").path("groupVersion").asText();
            for (JsonNode resource : face.get(place).json().path("resources")) {
                String name = resource.path("name").asText();
                if (!name.contains("/")) {
                    assertThat(face.get(place + "/" + name, Face.TABLE)
                                    .json()
                                    .path("kind")
                                    .asText())
                            .as(name)
                            .isEqualTo("Table");
                }
            }
        }
    }

    @Test
    void everyReferenceOfEverySchemaLeadsSomewhere() {
        JsonNode index = face.get("/openapi/v3").json().path("paths");
        assertThat(index.size()).isEqualTo(8);
        for (JsonNode entry : index) {
            JsonNode document =
                    face.get(entry.path("serverRelativeURL").asText()).json();
            JsonNode schemas = document.path("components").path("schemas");
            for (JsonNode reference : document.findValues("$ref")) {
                if (reference.isTextual()) {
                    String name = reference.asText().replace("#/components/schemas/", "");
                    assertThat(schemas.has(name)).as(name).isTrue();
                }
            }
        }
    }

    @Test
    void schemasOfBuiltInTypesCarryTheirMergeKeysAndNoDescriptions() {
        JsonNode schemas =
                face.get("/openapi/v3/api/v1").json().path("components").path("schemas");

        JsonNode containers =
                schemas.path("io.k8s.api.core.v1.PodSpec").path("properties").path("containers");

        assertThat(containers.path("x-kubernetes-patch-merge-key").asText()).isEqualTo("name");
        assertThat(containers.has("description")).isFalse();
    }

    @Test
    void schemasOfCustomResourcesCarryTheirDescriptions() {
        JsonNode document = face.get("/openapi/v3/apis/spillway.dev/v1alpha1").json();

        JsonNode region = document.path("components").path("schemas").path("dev.spillway.v1alpha1.Region");

        assertThat(region.path("description").asText()).startsWith("A region that instances are bought in.");
        assertThat(region.path("properties").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("apiVersion", "kind", "metadata", "spec", "status");
        assertThat(region.path("x-kubernetes-group-version-kind")
                        .path(0)
                        .path("kind")
                        .asText())
                .isEqualTo("Region");
    }
}
