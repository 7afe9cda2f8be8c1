package dev.spillway.kubelet.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.core.model.NodeName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The texts, against those of a real kubelet. */
final class AnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final NodeName NODE = new NodeName("vn-1");

    @Test
    void theMetricsAreThoseOfAKubeletButForSwap() {
        var theirs = lines(RealKubelet.answer("metrics-resource.txt")).stream()
                .filter(line -> !line.contains("_swap_usage_bytes"))
                .toList();

        assertThat(lines(ResourceMetrics.text(RealKubelet.USAGE))).isEqualTo(theirs);
    }

    /** Values as numbers, since a kubelet writes large ones with an exponent; of start times not more than a millisecond. */
    private static List<String> lines(String text) {
        var lines = new ArrayList<String>();
        for (var line : text.split("\n", -1)) {
            if (line.isEmpty() || line.startsWith("#")) {
                lines.add(line);
            } else {
                var words = line.split(" ", -1);
                words[1] = new BigDecimal(words[1]).stripTrailingZeros().toPlainString();
                if (line.startsWith("container_start_time_seconds")) {
                    words[1] = words[1].substring(0, 14);
                }
                lines.add(String.join(" ", words));
            }
        }
        return lines;
    }

    @Test
    void withoutFiguresThereIsNoSeriesAndNeverAZero() {
        var silent = new NodeUsage(NODE, Optional.empty(), List.of(), "connection refused");
        assertThat(ResourceMetrics.text(silent)).isEqualTo("""
                # HELP resource_scrape_error [STABLE] 1 if there was an error while getting container metrics, 0 otherwise
                # TYPE resource_scrape_error gauge
                resource_scrape_error 1
                """);
        var idle = new NodeUsage(NODE, Optional.empty(), List.of(), "");
        assertThat(ResourceMetrics.text(idle))
                .endsWith("\nresource_scrape_error 0\n")
                .doesNotContain("node_");
        assertThat(StatsSummary.json(idle)).isEqualTo("{\"node\":{\"nodeName\":\"vn-1\"},\"pods\":[]}");
    }

    @Test
    void theSummarySaysNothingThatAKubeletDoesNotSay() throws JsonProcessingException {
        var theirs = JSON.readTree(RealKubelet.answer("stats-summary.json"));
        var ours = JSON.readTree(StatsSummary.json(RealKubelet.USAGE));

        assertThat(isWithin(ours, theirs)).as("%s", ours.toPrettyString()).isTrue();
        assertThat(ours.at("/pods/0/containers")).hasSize(2);
        assertThat(ours.at("/node/memory/workingSetBytes").isNumber()).isTrue();
    }

    /** Lists by name; fields that are missing in ours are no contradiction. */
    private static boolean isWithin(JsonNode ours, JsonNode theirs) {
        if (ours.isArray()) {
            for (var item : ours) {
                var same = new ArrayList<JsonNode>();
                theirs.forEach(other -> {
                    if (isWithin(item, other)) {
                        same.add(other);
                    }
                });
                if (same.size() != 1) {
                    return false;
                }
            }
            return true;
        }
        return ours.isObject()
                ? ours.properties().stream().allMatch(field -> isWithin(field.getValue(), theirs.path(field.getKey())))
                : ours.asText().equals(theirs.asText());
    }
}
