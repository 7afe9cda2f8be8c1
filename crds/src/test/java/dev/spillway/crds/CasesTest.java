package dev.spillway.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.spillway.crds.policy.ResourcePolicySpec;
import dev.spillway.crds.region.RegionSpec;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases for a real server are well-formed, and what it accepts the types can read. */
class CasesTest {
    private static final ObjectMapper YAML = new YAMLMapper();

    @ParameterizedTest
    @ValueSource(strings = {"resourcepolicies", "regions", "admission"})
    void everyCaseHasANameOfItsOwn(String file) throws IOException {
        assertThat(cases(file))
                .isNotEmpty()
                .extracting(one -> one.path("name").textValue())
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"resourcepolicies", "regions"})
    void everyCaseHasOneOutcome(String file) throws IOException {
        assertThat(cases(file))
                .allSatisfy(one -> assertThat(List.of("stored", "accepted", "refused"))
                        .as(one.path("name").asText())
                        .filteredOn(one::has)
                        .hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resourcepolicies", "regions"})
    void whatIsAcceptedTheTypesCanRead(String file) throws IOException {
        Class<?> type = file.equals("regions") ? RegionSpec.class : ResourcePolicySpec.class;
        for (JsonNode one : cases(file)) {
            JsonNode stored = one.has("stored") ? one.get("stored") : one.path("accepted");
            if (!stored.isMissingNode()) {
                YAML.treeToValue(stored.asText().equals("as written") ? one.get("spec") : stored, type);
            }
        }
    }

    @Test
    void everyAdmissionCaseNamesAScheduler() throws IOException {
        assertThat(cases("admission"))
                .allSatisfy(one -> assertThat(one.path("expect").asText())
                        .as(one.path("name").asText())
                        .isNotEmpty());
    }

    private static List<JsonNode> cases(String file) throws IOException {
        try (var stream =
                Objects.requireNonNull(CasesTest.class.getResourceAsStream("/cases/" + file + ".yaml"), file)) {
            return StreamSupport.stream(YAML.readTree(stream).spliterator(), false)
                    .toList();
        }
    }
}
