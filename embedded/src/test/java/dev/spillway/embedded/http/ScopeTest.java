package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scope of the embedded cluster is what its page says: nothing is served that nobody said why. */
final class ScopeTest {
    private static final Path PAGE = Path.of("../docs/embedded-cluster.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` (\\w+) \\| ([^|]*)\\| [^|]+ \\|$");
    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private final Face face = new Face();

    @AfterEach
    void stop() {
        face.close();
    }

    @Test
    void thePageListsWhatIsServed() throws IOException {
        var listed = new TreeMap<String, List<String>>();
        ROW.matcher(Files.readString(PAGE))
                .results()
                .forEach(row -> listed.put(row.group(1) + " " + row.group(2), parts(row.group(3))));

        assertThat(listed).isEqualTo(served());
    }

    private static List<String> parts(String cell) {
        return Stream.of(cell.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private SortedMap<String, List<String>> served() {
        var served = new TreeMap<String, List<String>>();
        for (var path : List.of("/api", "/apis")) {
            for (JsonNode group : face.get(path, AGGREGATED).json().path("items")) {
                var prefix = group.path("metadata").path("name").asText("");
                for (JsonNode version : group.path("versions")) {
                    var place = (prefix.isEmpty() ? "" : prefix + "/")
                            + version.path("version").asText();
                    for (JsonNode resource : version.path("resources")) {
                        served.put(
                                place + " "
                                        + resource.path("responseKind")
                                                .path("kind")
                                                .asText(),
                                resource.path("subresources").findValuesAsText("subresource").stream()
                                        .sorted()
                                        .toList());
                    }
                }
            }
        }
        return served;
    }
}
