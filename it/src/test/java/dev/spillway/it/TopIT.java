package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl top} at the home cluster for a pod whose containers run on a real node of a region, with a metrics-server in both. */
@NeedsContainers
@NeedsMetricsServer
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // the last test takes the region away
final class TopIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FIRST_FIGURES = Duration.ofMinutes(3);
    private static final String PODS = "/apis/metrics.k8s.io/v1beta1/namespaces/top/pods";
    private static final String BUSY_NODE = "virtual-kubelet-region-one-a";
    private static final String IDLE_NODE = "virtual-kubelet-region-one-b";
    private static final String REGION = """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: region-one}
            spec:
              default: true
              zones: [{id: region-one-a}, {id: region-one-b}]
              backend:
                type: Kubernetes
                requestTimeoutMillis: 5000
                kubernetes: {secretName: region-one}
            """;
    /** Would use a core, and gets a fifth of one; keeps eight million bytes. */
    private static final String BUSY = """
            apiVersion: v1
            kind: Pod
            metadata: {name: busy, namespace: top, labels: {alibabacloud.com/acs: "true"}}
            spec:
              terminationGracePeriodSeconds: 1
              nodeSelector: {topology.kubernetes.io/zone: region-one-a}
              containers:
                - name: main
                  image: %s
                  imagePullPolicy: IfNotPresent
                  command: [sh, -c, 'x=$(head -c 8000000 /dev/zero | tr "\\\\0" a); while true; do :; done']
                  resources: {limits: {cpu: 200m, memory: 64Mi}}
            """.formatted(RealNode.BUSYBOX);

    @TempDir
    private static Path folder = Path.of("");

    private HomeCluster home;
    private ControlPlane region;
    private RealNode node;

    @BeforeAll
    void start() throws IOException {
        home = new HomeCluster(folder);
        region = ControlPlane.start(ControlPlaneSettings.defaults());
        region.startScheduler();
        node = RealNode.start(region, folder, "region-one-node");
        region.startMetricsServer();
        home.cluster().startMetricsServer();
        home.addRegion(region, "region-one", REGION);
        home.kubeletAddress(node.address());
        home.startController();
        home.namespace("top");
        home.apply(BUSY);
    }

    @AfterAll
    void stop() {
        if (home != null) {
            home.close();
        }
        if (node != null) {
            node.close();
        }
        if (region != null) {
            region.close();
        }
    }

    @Test
    @Order(1)
    void topShowsThePodOnceWithWhatItUses() {
        try {
            await(
                    "top pod",
                    FIRST_FIGURES,
                    () -> home.run("top", "pod", "-n", "top").exitCode() == 0);
            await("top node", FIRST_FIGURES, () -> cpuMillis(top(BUSY_NODE)) > 0);
            // Figures of a start are not yet those of a container at work.
            await("a fifth of a core", FIRST_FIGURES, () -> isAFifth(top("busy")) && isAFifth(top(BUSY_NODE)));
        } catch (AssertionError e) {
            throw new AssertionError(
                    "%s%n%s%n%s%n%s"
                            .formatted(
                                    e.getMessage(),
                                    home.run("top", "pod", "-A").text(),
                                    home.run("get", "--raw", of(BUSY_NODE, "metrics/resource"))
                                            .text(),
                                    home.log()),
                    e);
        }
        System.out.println(home.done("top", "pod", "-n", "top", "--containers") + home.done("top", "node"));

        var pod = home.done("top", "pod", "-n", "top").lines().toList();
        assertThat(pod).hasSize(2); // the head is one
        assertThat(pod.getLast()).matches("busy +\\d+m +([7-9]|1\\d)Mi *");
        assertThat(top(BUSY_NODE)).matches(BUSY_NODE + " +\\d+m .*Mi .*");
        assertThat(items()).hasSize(1);
    }

    private static boolean isAFifth(String line) {
        long millis = cpuMillis(line);
        return millis > 50 && millis < 250; // a busy machine gives it less
    }

    @Test
    @Order(2)
    void eachNodeTellsItsOwnPodsAlone() throws JsonProcessingException {
        assertThat(read(BUSY_NODE, "metrics/resource"))
                .containsOnlyOnce(
                        "container_cpu_usage_seconds_total{container=\"main\",namespace=\"top\",pod=\"busy\"} ")
                .containsOnlyOnce("\nnode_cpu_usage_seconds_total ")
                .contains("\nresource_scrape_error 0\n");
        assertThat(series(IDLE_NODE)).containsExactly("resource_scrape_error 0");

        assertThat(JSON.readTree(read(BUSY_NODE, "pods"))
                        .at("/items/0/metadata/name")
                        .asText())
                .isEqualTo("busy");
        assertThat(JSON.readTree(read(IDLE_NODE, "pods")).path("items")).isEmpty();
        var summary = JSON.readTree(read(BUSY_NODE, "stats/summary"));
        assertThat(summary.at("/node/nodeName").asText()).isEqualTo(BUSY_NODE);
        assertThat(summary.at("/pods/0/podRef/name").asText()).isEqualTo("busy");
        assertThat(summary.at("/pods/0/containers/0/cpu/usageNanoCores").asLong())
                .isBetween(50_000_000L, 300_000_000L);
        assertThat(read(BUSY_NODE, "healthz")).isEqualTo("ok");
    }

    @Test
    @Order(3)
    void figuresOfARegionThatIsGoneVanishAndAreNeverZero() {
        region.close();

        await("no figures", Duration.ofMinutes(2), () -> {
            for (JsonNode item : items()) {
                assertThat(item.at("/containers/0/usage/cpu").asText()).isNotIn("0", "0n", "");
                assertThat(item.at("/containers/0/usage/memory").asText()).isNotIn("0", "0Ki", "");
            }
            return items().isEmpty();
        });
        assertThat(series(BUSY_NODE)).containsExactly("resource_scrape_error 1");
        assertThat(home.run("get", "--raw", of(BUSY_NODE, "stats/summary")).exitCode())
                .isNotZero();
        await("no figures of the node", () -> cpuMillis(top(BUSY_NODE)) < 0);
        assertThat(top(BUSY_NODE)).doesNotContain(" 0m");
        assertThat(top("busy")).doesNotContain(" 0m");
    }

    private static long cpuMillis(String line) {
        var matcher = Pattern.compile(" (\\d+)m ").matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /** The line of a pod or node, empty where there is none. */
    private String top(String name) {
        var text = home.run("top", "node").text()
                + home.run("top", "pod", "-n", "top").text();
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElse("");
    }

    private JsonNode items() {
        try {
            return JSON.readTree(home.done("get", "--raw", PODS)).path("items");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> series(String nodeName) {
        return read(nodeName, "metrics/resource")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private String read(String nodeName, String path) {
        return home.done("get", "--raw", of(nodeName, path));
    }

    private static String of(String nodeName, String path) {
        return "/api/v1/nodes/%s/proxy/%s".formatted(nodeName, path);
    }
}
