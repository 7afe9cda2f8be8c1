package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.scenario.kubelet.PlayedKubelets;
import dev.spillway.trials.scenario.kubelet.PlayedNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The controller is down for longer than the Leases of its virtual nodes last, while the regions go on in their own process: kube-controller-manager takes the
 * nodes for dead and evicts whoever does not tolerate that for long. A controller that returns keeps the instances of those that stayed, ends those of pods that
 * are gone or being deleted, lets these go, and places their owner's next ones.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class LongOutageIT {
    private static final String NAMESPACE = "outage";
    private static final String NODE = "virtual-kubelet-r-a";
    private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final Duration ORPHANS_END = Duration.ofMinutes(2); // the promise
    private static final Pattern ADDRESS = Pattern.compile("simulated regions serve on (\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private HomeCluster home;
    private OutsideClient client;
    private PlayedKubelets kubelets;
    private SpillwayProcess regions;
    private URI endpoint;

    @BeforeEach
    void start() throws Exception {
        // Leases are renewed every 10 s. As in production evictions need a node that is well: without one Kubernetes
        // suspects the network and evicts nobody.
        var settings = ControlPlaneSettings.defaults()
                .withControllerManagerArgument("--node-monitor-grace-period=30s")
                .withControllerManagerArgument("--node-eviction-rate=10");
        home = new HomeCluster(folder, settings);
        client = new OutsideClient(KubeConnection.open(home.cluster().kubeconfig(), "spillway-it"), "spillway-it");
        kubelets = new PlayedKubelets(client, List.of(), "spillway-it");
        kubelets.join(new PlayedNode("own", Map.of(), Map.of(), true, false));
        regions = SpillwayProcess.start(
                folder.resolve("regions.log"),
                "simulated-regions",
                "--port=0",
                "--kubeconfig=" + home.cluster().kubeconfig());
        await("the regions are served", () -> ADDRESS.matcher(regions.output()).find());
        var address = ADDRESS.matcher(regions.output());
        assertThat(address.find()).isTrue();
        endpoint = URI.create(address.group(1));
        home.apply(region());
        home.startController();
        home.namespace(NAMESPACE);
    }

    @AfterEach
    void stop() {
        if (kubelets != null) {
            kubelets.close();
        }
        if (client != null) {
            client.close();
        }
        if (regions != null) {
            regions.close();
        }
        home.close();
        http.close();
    }

    @Test
    void whoStayedIsKeptAndWhoWasEvictedIsEndedAndReplaced() throws Exception {
        home.apply(evictedSoon());
        for (var name : List.of("stays", "deleted", "forced")) {
            home.apply(HomeCluster.pod(NAMESPACE, name, "command: [sleep, \"3600\"]"));
        }
        await(
                "all pods are ready",
                Duration.ofMinutes(1),
                () -> pods(HomeCluster::isReady).size() == 5);
        var evicted = uids(pods(pod -> isOfApp(pod, "evicted")));
        var stays = home.pod(NAMESPACE, "stays");
        var before = history();
        assertThat(before.alive()).hasSize(5);

        home.killController();
        outlastTheLeases(evicted);
        assertThat(history().alive()).as("nobody ended an instance").hasSize(5);

        home.startController();
        assertOrderReturns(evicted, stays);
    }

    private void outlastTheLeases(Set<String> evicted) {
        await(
                "the node is taken for dead",
                Duration.ofMinutes(2),
                () -> ready(home.get("node", NODE)).equals("Unknown") && isTainted(home.get("node", NODE)));
        home.done("delete", "pod", "-n", NAMESPACE, "deleted", "--wait=false");
        home.done("delete", "pod", "-n", NAMESPACE, "forced", "--force", "--grace-period=0");
        await(
                "who does not tolerate that is evicted",
                Duration.ofMinutes(1),
                () -> uids(pods(LongOutageIT::isDeleting)).containsAll(evicted));
        await(
                "their owner has made the next ones",
                () -> pods(pod -> isOfApp(pod, "evicted") && !isDeleting(pod)).size() == 2);
        var deleting = pods(LongOutageIT::isDeleting);
        assertThat(deleting).extracting(LongOutageIT::name).contains("deleted").hasSize(3);
        assertThat(isDeleting(home.pod(NAMESPACE, "stays")))
                .as("the usual toleration of 300 s is not over")
                .isFalse();
        assertThat(HomeCluster.isReady(home.pod(NAMESPACE, "stays"))).isFalse();
    }

    private void assertOrderReturns(Set<String> evicted, JsonNode stays) {
        await(
                "who was being deleted is gone",
                ORPHANS_END,
                () -> pods(LongOutageIT::isDeleting).isEmpty());
        await(
                "all pods are ready",
                ORPHANS_END,
                () -> pods(HomeCluster::isReady).size() == 3);
        var pods = pods(pod -> true);
        assertThat(pods).hasSize(3);
        assertThat(uids(pods)).contains(uid(stays)).doesNotContainAnyElementsOf(evicted);
        await(
                "every instance is that of a pod",
                ORPHANS_END,
                () -> history().alive().stream()
                        .map(InstanceHistory.Life::podUid)
                        .collect(toSet())
                        .equals(uids(pods)));

        var after = history();
        assertThat(after.mostAtOnceForOnePod()).isEqualTo(1);
        assertThat(after.lives()).as("5 from before, 2 for the next ones").hasSize(7);
        var instanceByPod =
                after.alive().stream().collect(toMap(InstanceHistory.Life::podUid, InstanceHistory.Life::id));
        for (var pod : pods) {
            assertThat(instance(pod)).as(name(pod)).isEqualTo(instanceByPod.get(uid(pod)));
        }
        assertThat(instanceByPod).containsEntry(uid(stays), instance(stays));
        assertThat(home.pod(NAMESPACE, "stays").at("/status/startTime")).isEqualTo(stays.at("/status/startTime"));
        await(
                "the node is well again",
                () -> ready(home.get("node", NODE)).equals("True") && !isTainted(home.get("node", NODE)));
        assertThat(home.log()).doesNotContain("ERROR");
    }

    private List<JsonNode> pods(Predicate<JsonNode> which) {
        return items(home.get("pods", "-n", NAMESPACE)).filter(which).toList();
    }

    private static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.path("items").spliterator(), false);
    }

    private static Set<String> uids(List<JsonNode> pods) {
        return pods.stream().map(LongOutageIT::uid).collect(toSet());
    }

    private static String uid(JsonNode pod) {
        return pod.at("/metadata/uid").asText();
    }

    private static String name(JsonNode pod) {
        return pod.at("/metadata/name").asText();
    }

    private static String instance(JsonNode pod) {
        return pod.at("/metadata/annotations")
                .path("alibabacloud.com/instance-id")
                .asText();
    }

    private static boolean isDeleting(JsonNode pod) {
        return pod.path("metadata").has("deletionTimestamp");
    }

    private static boolean isOfApp(JsonNode pod, String app) {
        return pod.at("/metadata/labels/app").asText().equals(app);
    }

    private static String ready(JsonNode node) {
        for (var condition : node.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private static boolean isTainted(JsonNode node) {
        for (var taint : node.at("/spec/taints")) {
            if (taint.path("key").asText().equals(UNREACHABLE)
                    && taint.path("effect").asText().equals("NoExecute")) {
                return true;
            }
        }
        return false;
    }

    private InstanceHistory history() {
        try {
            var request = HttpRequest.newBuilder(endpoint.resolve("/v1/history"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return InstanceHistory.of(
                    JSON.readTree(http.send(request, BodyHandlers.ofString()).body()));
        } catch (IOException e) {
            throw new AssertionError("no history", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private String region() {
        return """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: r}
            spec:
              default: true
              zones: [{id: r-a}]
              backend:
                type: Simulated
                endpoint: %s
                simulated: {stock: [{computeClass: general-purpose, microsUsdPerHour: 1, script: {constant: 20}}]}
            """.formatted(endpoint);
    }

    /** Two pods that leave a node that is taken for dead after 5 s, in place of the usual 300. */
    private static String evictedSoon() {
        return """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: evicted, namespace: %s}
            spec:
              replicas: 2
              selector: {matchLabels: {app: evicted}}
              template:
                metadata: {labels: {app: evicted, alibabacloud.com/acs: "true"}}
                spec:
                  terminationGracePeriodSeconds: 2
                  tolerations: [{key: %s, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
                  containers: [{name: main, image: %s, command: [sleep, "3600"]}]
            """.formatted(NAMESPACE, UNREACHABLE, RealNode.BUSYBOX);
    }
}
