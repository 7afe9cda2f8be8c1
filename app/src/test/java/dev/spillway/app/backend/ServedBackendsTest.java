package dev.spillway.app.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.spillway.core.region.Region;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServedBackendsTest {
    private static final Pattern RULE = Pattern.compile("self\\.endpoint\\.matches\\('(.+)'\\)");

    private static String problem(String type, String endpoint) {
        return ServedBackends.ALL.problem(new Region.Backend(type, endpoint, 1000));
    }

    @Test
    void aTypeThatIsNotServedIsToldTogetherWithThoseThatAre() {
        assertThat(problem("AlibabaCloud", ""))
                .isEqualTo(
                        "spec.backend.type is 'AlibabaCloud', which is not served; write one that is: Kubernetes, Simulated.");
    }

    @Test
    void anEndpointThatIsNoneIsToldTogetherWithWhatOneLooksLike() {
        assertThat(problem("Simulated", "127.0.0.1:8087"))
                .isEqualTo("spec.backend.endpoint is '127.0.0.1:8087'; write an https URL, or an http URL on a loopback"
                        + " address, without user, query and fragment, such as http://127.0.0.1:8087.");
    }

    @Test
    void oneTypeHasOneFactory() {
        var twice = List.<BackendFactory>of(new SimulatedBackendFactory(), new SimulatedBackendFactory());

        assertThatThrownBy(() -> new ServedBackends(twice)).hasMessageContaining("Simulated, Simulated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8087",
                "http://127.1.2.3",
                "http://localhost:1/base/",
                "http://[::1]:8087",
                "https://regions.example.com/base",
                "https://10.0.0.1:443",
                "",
                "127.0.0.1:8087",
                "HTTPS://regions.example.com",
                "ftp://127.0.0.1",
                "http://",
                "https://",
                "http://10.0.0.1:8087",
                "http://regions.example.com",
                "http://127.0.0.1.example.com",
                "https://me@regions.example.com",
                "https://regions.example.com?x=1",
                "https://regions.example.com/#f",
                "http://127.0.0.1/a b"
            })
    void anEndpointIsTakenJustWhereTheDefinitionAdmitsIt(String endpoint) throws IOException {
        assertThat(problem("Simulated", endpoint).isEmpty())
                .isEqualTo(definition().matcher(endpoint).matches());
    }

    /** The pattern of the definition's rule; what Java writes in another way is replaced. */
    private static Pattern definition() throws IOException {
        var file = "/crds/regions.spillway.dev.yaml";
        try (var stream = Objects.requireNonNull(ServedBackendsTest.class.getResourceAsStream(file), file)) {
            JsonNode tree = new ObjectMapper(new YAMLFactory()).readTree(stream);
            var pattern = tree.findValuesAsText("rule").stream()
                    .flatMap(rule -> RULE.matcher(rule).results())
                    .map(match -> match.group(1))
                    .findFirst()
                    .orElseThrow();
            return Pattern.compile(pattern.replace("\\\\", "\\").replace("[:space:]", "\\s"));
        }
    }
}
