package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The article's second example over three control planes: pods run in cn-hangzhou while it has room, then in cn-shanghai, and when cn-hangzhou cannot be
 * reached nobody waits for it. Its return doubles nothing and leaves nothing over.
 */
@RegionClusters.Shared
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ResourceLock(RegionClusters.CONTROLLER)
final class SpillOverIT {
    private static final String DEPLOYMENT = "nginx-gpu-deployment-resourcepolicy";
    private static final String FIRST = "virtual-kubelet-cn-hangzhou-a";
    private static final String SECOND = "virtual-kubelet-cn-shanghai-a";
    /** The promise: as long as a new pod may wait when the region that it prefers is gone. */
    private static final Duration MOVED_WITHIN = Duration.ofSeconds(2);

    private final RegionClusters clusters;
    private final HomeCluster home;

    SpillOverIT(RegionClusters clusters) {
        this.clusters = clusters;
        this.home = clusters.home();
    }

    @Test
    void workSpillsOverIsServedSurvivesARegionsOutageAndLeavesNothing() throws Exception {
        home.done("apply", "-f", "../examples/article-2-spill.yaml");
        awaitReady(1);
        assertThat(nodes()).containsExactly(FIRST);
        assertThat(page(pods().getFirst())).contains("It works.");

        // The node there has two processors, and each pod asks for one.
        long scaled = System.nanoTime();
        scale(4);
        awaitReady(4);
        System.out.printf("example 2, three more pods over two regions, all Ready: %d ms%n", millisSince(scaled));
        assertThat(nodes()).containsOnly(FIRST, SECOND);
        assertThat(nodes().stream().filter(SECOND::equals).count())
                .as("what has no room in the first region is in the second")
                .isGreaterThanOrEqualTo(2);
        scale(1);
        awaitReady(1);
        assertThat(nodes()).as("the last unit's pods go first").containsExactly(FIRST);

        anOutageMovesNewPods();
        scale(0);
        await(
                "nothing is left in either region",
                Duration.ofMinutes(2),
                () -> inHangzhou().isEmpty() && inShanghai().isEmpty());
    }

    private void anOutageMovesNewPods() throws Exception {
        var staying = uids();
        await(
                "one pod is left there",
                () -> inHangzhou().size() == 1 && inShanghai().isEmpty());
        var running = inHangzhou();

        clusters.hangzhou().killApiserver();
        long scaled = System.nanoTime();
        scale(3);
        await("two pods more have a node", () -> nodes().size() == 3);
        long took = millisSince(scaled);
        System.out.printf("region one is down: scaled, and both new pods bound in region two: %d ms%n", took);
        assertThat(nodes()).containsOnlyOnce(FIRST);
        assertThat(took).isLessThan(MOVED_WITHIN.toMillis());
        awaitReady(3);

        home.killController();
        home.startController();
        var before = uids();
        assertThat(before).hasSize(3).containsAll(staying);
        clusters.hangzhou().restartApiserver();
        await("the region is reached again", Duration.ofMinutes(2), this::isReached);

        assertThat(uids()).isEqualTo(before);
        assertThat(inHangzhou()).as("the pod that ran through it all").isEqualTo(running);
        assertThat(inShanghai()).hasSize(2);
        awaitReady(3);
    }

    private boolean isReached() {
        return home.done(
                        "get",
                        "region",
                        "cn-hangzhou",
                        "-o",
                        "jsonpath={.status.conditions[?(@.type==\"Reachable\")].status}")
                .equals("True");
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private void scale(int replicas) {
        home.done("scale", "deployment", DEPLOYMENT, "--replicas=" + replicas);
    }

    private List<JsonNode> pods() {
        var pods = new ArrayList<JsonNode>();
        for (var pod : home.get("pods", "-n", "default", "-l", "app=nginx-gpu-resourcepolicy")
                .path("items")) {
            if (!pod.path("metadata").has("deletionTimestamp")) {
                pods.add(pod);
            }
        }
        return pods;
    }

    private List<String> nodes() {
        return pods().stream()
                .map(pod -> pod.at("/spec/nodeName").asText())
                .filter(node -> !node.isEmpty())
                .toList();
    }

    private List<String> uids() {
        return pods().stream()
                .map(pod -> pod.at("/metadata/uid").asText())
                .sorted()
                .toList();
    }

    private List<String> inHangzhou() {
        return theirUids(clusters.atHangzhou(theirPods()).text());
    }

    private List<String> inShanghai() {
        return theirUids(clusters.atShanghai(theirPods()).text());
    }

    private static String[] theirPods() {
        return new String[] {"get", "pods", "-n", "spillway-default", "-o", "jsonpath={.items[*].metadata.uid}"};
    }

    private static List<String> theirUids(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" "));
    }

    private void awaitReady(int count) {
        try {
            await(count + " pods are Ready", Duration.ofMinutes(2), () -> {
                var pods = pods();
                return pods.size() == count && pods.stream().allMatch(HomeCluster::isReady);
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    "%s%n%s%n%s%n%s"
                            .formatted(
                                    e.getMessage(),
                                    home.run("get", "pods", "-o", "yaml").text(),
                                    home.run("get", "regions,nodes,events").text(),
                                    home.log()),
                    e);
        }
    }

    private String page(JsonNode pod) throws Exception {
        var name = "pod/" + pod.at("/metadata/name").asText();
        try (var forward = home.start("port-forward", name, ":80");
                var http = HttpClient.newHttpClient()) {
            var pattern = Pattern.compile("127\\.0\\.0\\.1:(\\d+) -> 80");
            await(
                    "the port is forwarded",
                    () -> pattern.matcher(read(forward.output())).find());
            var matcher = pattern.matcher(read(forward.output()));
            assertThat(matcher.find()).isTrue();
            var address = URI.create("http://127.0.0.1:" + matcher.group(1) + "/");
            return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
