package dev.spillway.app.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md, the alert rules and the dashboard speak of the metrics that there are. */
final class MetricsPageTest {
    private static final Path MONITORING = Path.of("..", "deploy", "monitoring");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SERIES = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(spillway_\\w+)` \\| (\\w+) \\| ([^|]*)\\|[^|]*\\| (\\S[^|]*) \\|$");
    private static final Pattern NAME = Pattern.compile("\\bspillway_\\w+");

    private final String scraped = Everything.scraped();

    /** A metric's type and its labels in order, but for a histogram's own. */
    private record Described(String type, Set<String> labels) {}

    @Test
    void thePageListsTheMetricsThatAreServedAndNoOther() throws IOException {
        var listed = new TreeMap<String, Described>();
        ROW.matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
                .results()
                .forEach(row -> {
                    var labels = Arrays.stream(row.group(3).split(",", -1))
                            .map(label -> label.replace("`", "").strip())
                            .filter(label -> !label.isEmpty())
                            .collect(Collectors.toCollection(TreeSet::new));
                    assertThat(listed.put(row.group(1), new Described(row.group(2), labels)))
                            .as(row.group(1))
                            .isNull();
                });

        assertThat(listed).isEqualTo(served());
    }

    @Test
    void everyMetricSaysWhatItIs() {
        assertThat(scraped.lines().filter(line -> line.startsWith("# HELP ")))
                .allMatch(line -> line.matches("# HELP spillway_\\w+ [A-Z].*\\."));
    }

    @Test
    void noMetricHasTheNameOfAPod() {
        assertThat(scraped).doesNotContain("web-", "uid-", "pod=");
    }

    @Test
    void theRulesQueryWhatIsServed() throws IOException {
        var rules = new YAMLMapper().readTree(MONITORING.resolve("rules.yaml").toFile());
        var queries = new ArrayList<String>();
        rules.findValues("expr").forEach(expr -> queries.add(expr.asText()));

        assertThat(queries).isNotEmpty();
        assertServed(queries);
    }

    @Test
    void everyAlertIsTriedInTheRulesTest() throws IOException {
        var yaml = new YAMLMapper();
        var rules = yaml.readTree(MONITORING.resolve("rules.yaml").toFile());
        var test = yaml.readTree(MONITORING.resolve("rules-test.yaml").toFile());
        var fired = new TreeSet<String>();
        test.findValues("alert_rule_test")
                .forEach(cases -> cases.forEach(one -> {
                    if (!one.path("exp_alerts").isEmpty()) {
                        fired.add(one.path("alertname").asText());
                    }
                }));

        assertThat(fired).isEqualTo(new TreeSet<>(texts(rules.findValues("alert"))));
    }

    @Test
    void theDashboardQueriesEveryMetricThatIsServedAndNoOther() throws IOException {
        var dashboard =
                new ObjectMapper().readTree(MONITORING.resolve("dashboard.json").toFile());
        var queries = texts(dashboard.path("panels").findValues("expr"));

        assertServed(queries);
        var shown = queries.stream()
                .flatMap(query -> NAME.matcher(query).results())
                .map(MatchResult::group)
                .map(MetricsPageTest::family)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(shown)
                .containsExactlyElementsOf(served().keySet().stream()
                        .filter(name -> !name.endsWith("_seconds_max"))
                        .toList());
        var ids = texts(dashboard.path("panels").findValues("id"));
        assertThat(ids).doesNotHaveDuplicates();
    }

    private static List<String> texts(List<JsonNode> nodes) {
        return nodes.stream().map(JsonNode::asText).toList();
    }

    /** Every name in the queries is one that is served, with such labels as are asked for. */
    private void assertServed(List<String> queries) {
        var series = SERIES.matcher(scraped).results().map(one -> one.group(1)).collect(Collectors.toSet());
        for (var query : queries) {
            assertThat(NAME.matcher(query).results().map(MatchResult::group))
                    .as(query)
                    .isNotEmpty()
                    .allMatch(series::contains);
        }
    }

    private static String family(String series) {
        return series.replaceAll("_(bucket|count|sum)$", "");
    }

    private SortedMap<String, Described> served() {
        var served = new TreeMap<String, Described>();
        TYPE.matcher(scraped).results().forEach(type -> {
            var labels = SERIES.matcher(scraped)
                    .results()
                    .filter(one -> family(one.group(1)).equals(type.group(1)) && one.group(2) != null)
                    .flatMap(one -> LABEL.matcher(one.group(2)).results())
                    .map(label -> label.group(1))
                    .filter(label -> !label.equals("le"))
                    .collect(Collectors.toCollection(TreeSet::new));
            served.put(type.group(1), new Described(type.group(2), labels));
        });
        return served;
    }
}
