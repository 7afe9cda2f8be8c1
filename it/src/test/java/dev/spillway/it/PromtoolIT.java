package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.controller.Controller;
import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.app.monitoring.Meters;
import dev.spillway.app.simulated.SimulatedRegionsHost;
import dev.spillway.trials.embedded.EmbeddedClusterHost;
import dev.spillway.trials.outside.LocalSpillway;
import dev.spillway.trials.outside.OutsideClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What Prometheus' own promtool says of the metrics of a run on the embedded cluster, and of the alert rules. The run: near has two instances, far
 * nine, and of three pods that prefer near one goes far.
 */
@Timeout(180)
final class PromtoolIT {
    private static final Path MONITORING = Path.of("..", "deploy", "monitoring");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PODS = OutsideClient.core("default", "pods");

    @BeforeAll
    static void isBuilt() {
        assumeThat(Promtool.whyNot()).isEmpty();
    }

    @Test
    void theMetricsOfARunAreWellFormedAndRight() throws Exception {
        var scraped = scrapedAfterTheRun();

        assertThat(Promtool.run(scraped, "check", "metrics")).isEqualTo(new Promtool.Verdict(0, ""));
        assertThat(scraped.lines())
                .contains(
                        "spillway_placements_total{policy=\"default/p\",reason=\"FirstChoice\",region=\"near\",unit=\"1\"} 2.0",
                        "spillway_placements_total{policy=\"default/p\",reason=\"SoldOut\",region=\"far\",unit=\"2\"} 1.0",
                        "spillway_stock_offers{product=\"gpu/default/L20\",region=\"near\",state=\"SoldOut\",zone=\"near-1\"} 1.0",
                        "spillway_stock_offers{product=\"gpu/default/L20\",region=\"far\",state=\"Open\",zone=\"far-1\"} 1.0",
                        "spillway_region_reachable{region=\"near\"} 1.0",
                        "spillway_region_instances{region=\"near\"} 2.0",
                        "spillway_region_instances{region=\"far\"} 1.0",
                        "spillway_unit_pods{policy=\"default/p\",unit=\"1\"} 2.0",
                        "spillway_unit_pods_max{policy=\"default/p\",unit=\"1\"} 5.0",
                        "spillway_refusal_to_running_seconds_count{region=\"far\"} 1",
                        "spillway_acquire_seconds_count{outcome=\"Accepted\",region=\"near\"} 2",
                        "spillway_leader 1.0",
                        "spillway_waiting_pods 0.0");
    }

    @Test
    void theRulesAreRulesAndSayWhatIsExpectedOfThem() {
        var rules = Promtool.run(
                "", "check", "rules", MONITORING.resolve("rules.yaml").toString());
        var cases = Promtool.run(
                "", "test", "rules", MONITORING.resolve("rules-test.yaml").toString());

        assertThat(rules.printed()).contains("SUCCESS");
        assertThat(rules.exitCode()).as(rules.printed()).isZero();
        assertThat(cases.exitCode()).as(cases.printed()).isZero();
    }

    private static String scrapedAfterTheRun() throws IOException, InterruptedException {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new Meters(registry);
        try (var host = EmbeddedClusterHost.start(0);
                var cluster = Cluster.open(host.kubeconfig(), "test");
                var regions = SimulatedRegionsHost.start(0, InstantSource.system(), cluster);
                var client = new OutsideClient(cluster.connection(), "test")) {
            LocalSpillway.install(cluster);
            client.apply("", region("near", 2, regions));
            client.apply("", region("far", 9, regions));
            client.apply("default", policy());
            try (var controller = Controller.start(ControllerOptions.of(host.kubeconfig()), meters);
                    var _ = client.watch("default")) {
                assertThat(controller.awaitLeading(SOON)).isTrue();
                for (var name : List.of("web-1", "web-2", "web-3")) {
                    client.create(PODS, json("""
                        {"metadata": {"name": "%s", "labels": {"app": "web"}},
                         "spec": {"schedulerName": "ack-co-scheduler", "containers": [{"name": "c", "image": "i"}]}}\
                        """.formatted(name)));
                }
                client.await("all pods run", SOON, () -> notAll(client, PODS, "/status/phase", "Running"));
                // A Region's status is written every 5 s at most, a policy's every 10 s.
                client.await("the policy's status", SOON, () -> complaint(client));
                Thread.sleep(Duration.ofSeconds(6));
                meters.refresh();
                return registry.scrape();
            }
        }
    }

    private static Optional<String> notAll(OutsideClient client, String path, String field, String value) {
        var others = client.list(path).stream()
                .map(object -> object.at(field).asText())
                .filter(found -> !found.equals(value))
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(others.toString());
    }

    private static Optional<String> complaint(OutsideClient client) {
        var units = client.get(OutsideClient.policies("default") + "/p")
                .orElseThrow()
                .at("/status/units");
        boolean isShown =
                units.at("/0/count").asInt() == 2 && units.at("/1/count").asInt() == 1;
        return isShown ? Optional.empty() : Optional.of(units.toString());
    }

    private static ObjectNode region(String name, int stock, SimulatedRegionsHost regions) throws IOException {
        return json("""
            {"apiVersion": "spillway.dev/v1alpha1", "kind": "Region", "metadata": {"name": "%1$s"},
             "spec": {"zones": [{"id": "%1$s-1"}],
              "offers": [{"computeClass": "gpu", "gpuModel": "L20"}],
              "backend": {"type": "Simulated", "endpoint": "%2$s",
               "simulated": {"stock": [{"computeClass": "gpu", "gpuModel": "L20", "script": {"constant": %3$d}}]}}}}\
            """.formatted(name, regions.endpoint(), stock));
    }

    private static ObjectNode policy() throws IOException {
        return json("""
            {"apiVersion": "scheduling.alibabacloud.com/v1alpha1", "kind": "ResourcePolicy",
             "metadata": {"name": "p", "namespace": "default"},
             "spec": {"selector": {"app": "web"}, "strategy": "required", "units": [%s, %s]}}\
            """.formatted(unit("near", "\"max\": 5,"), unit("far", "")));
    }

    private static String unit(String region, String cap) {
        return """
            {"resource": "acs", %2$s
             "nodeSelector": {"topology.kubernetes.io/region": "%1$s", "type": "virtual-kubelet"},
             "podLabels": {"alibabacloud.com/serverless-region-id": "%1$s", "alibabacloud.com/compute-class": "gpu",
              "alibabacloud.com/compute-qos": "default", "alibabacloud.com/gpu-model-series": "L20"}}\
            """.formatted(region, cap);
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) new ObjectMapper().readTree(text);
    }
}
