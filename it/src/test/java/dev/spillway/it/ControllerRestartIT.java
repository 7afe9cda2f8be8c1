package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The controller is killed in the middle of placing 500 pods, while the regions go on in their own process, and another one is started:
 * every pod is placed, none has two instances at any time, in the end nothing is left over, and what both recorded replays equal. Another number
 * of pods, from 300 on: {@code ./mvnw -Dreal -pl it -am test-compile failsafe:integration-test failsafe:verify -Dit.test=ControllerRestartIT
 * -Dfailsafe.failIfNoSpecifiedTests=false -Drestart.pods=5000}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class ControllerRestartIT {
    private static final int PODS = Integer.getInteger("restart.pods", 500);
    private static final Duration MORE = Duration.ofMinutes(PODS / 1000); // for more than the usual number
    private static final int CAP = 220; // of the first unit, so that slots must survive the kill too
    private static final int KILL_AT = 150;
    private static final String NEAR = "near";
    private static final String FAR = "far";
    private static final String NAMESPACE = "restart";
    private static final String PODS_PATH = "/api/v1/namespaces/%s/pods".formatted(NAMESPACE);
    private static final String POLICY = """
        apiVersion: scheduling.alibabacloud.com/v1alpha1
        kind: ResourcePolicy
        metadata: {name: spill, namespace: restart}
        spec:
          selector: {app: restart}
          units:
            - resource: acs
              max: 220
              nodeSelector: {topology.kubernetes.io/region: near, type: virtual-kubelet}
              podLabels:
                alibabacloud.com/compute-class: gpu
                alibabacloud.com/gpu-model-series: L20
                alibabacloud.com/serverless-region-id: near
            - resource: acs
              nodeSelector: {topology.kubernetes.io/region: far, type: virtual-kubelet}
              podLabels:
                alibabacloud.com/compute-class: gpu
                alibabacloud.com/gpu-model-series: GU8TF
                alibabacloud.com/serverless-region-id: far
        """;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private ControlPlane cluster;
    private SpillwayProcess regions;
    private URI endpoint;

    @BeforeEach
    void start() {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
        var installed = Spillway.run(cluster, "install");
        assertThat(installed.exitCode()).as(installed.toString()).isZero();
        regions = SpillwayProcess.start(
                folder.resolve("regions.log"),
                "simulated-regions",
                "--port=0",
                "--kubeconfig",
                cluster.kubeconfig().toString());
        endpoint = URI.create(said(regions, "simulated regions serve on (\\S+)"));
    }

    @AfterEach
    void stop() {
        if (regions != null) {
            regions.close();
        }
        cluster.close();
        http.close();
    }

    @Test
    void everyPodIsPlacedOnceAndNothingIsLeftOver() throws Exception {
        declareRegionsAndPolicy();
        var before = killAmidPlacing();
        long killed = System.nanoTime();

        var second = controller("second.log");
        try {
            await("all pods run", MORE.plusMinutes(5), () -> running(pods()) == PODS);
            long placedMillis = millisSince(killed);
            var after = history();
            assertEveryPodHasItsOneInstance(pods(), after);

            assertThat(cluster.run(List.of("kubectl", "delete", "namespace", NAMESPACE, "--wait=false")))
                    .isZero();
            long deleted = System.nanoTime();
            await(
                    "nothing is left over",
                    MORE.plusMinutes(2),
                    () -> history().alive().isEmpty());
            print(before, placedMillis, after, millisSince(deleted));
        } finally {
            second.close();
        }
        assertThat(second.output()).as("log of the second controller").doesNotContain("ERROR");
        assertRecordingsReplayEqual();
    }

    private void declareRegionsAndPolicy() throws Exception {
        create("/apis/spillway.dev/v1alpha1/regions", region(NEAR, "L20", 300));
        create("/apis/spillway.dev/v1alpha1/regions", region(FAR, "GU8TF", 2 * PODS));
        create("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(NAMESPACE));
        await(
                "the namespace has its ServiceAccount",
                Duration.ofSeconds(30),
                () -> cluster.api()
                                .get("/api/v1/namespaces/%s/serviceaccounts/default".formatted(NAMESPACE))
                                .statusCode()
                        == 200);
        create(
                "/apis/scheduling.alibabacloud.com/v1alpha1/namespaces/%s/resourcepolicies".formatted(NAMESPACE),
                POLICY);
    }

    /** Kills the first controller while pods are being placed; what there was then. */
    private String killAmidPlacing() throws Exception {
        var first = controller("first.log");
        try {
            awaitLeading(first);
            createPods();
            await("%d instances are accepted".formatted(KILL_AT), Duration.ofMinutes(2), () -> accepted() >= KILL_AT);
            first.kill();
            return "at the kill %d instances were held and %d pods bound"
                    .formatted(history().alive().size(), bound(pods()));
        } finally {
            first.close();
        }
    }

    private static void print(String before, long placedMillis, InstanceHistory after, long goneMillis) {
        System.out.printf(
                "Controller killed while placing %d pods: %s; all run %.1f s after the kill, of which 12 s at most"
                        + " are the Lease's; instances ever %d, most for one pod %d, most at once for one pod %d; %d"
                        + " in region %s (cap %d); nothing left %.1f s after the deletion%n",
                PODS,
                before,
                placedMillis / 1000.0,
                after.lives().size(),
                after.byPod().values().stream().mapToInt(List::size).max().orElse(0),
                after.mostAtOnceForOnePod(),
                after.alive().stream()
                        .filter(life -> life.region().equals(NEAR))
                        .count(),
                NEAR,
                CAP,
                goneMillis / 1000.0);
    }

    private void assertEveryPodHasItsOneInstance(JsonNode pods, InstanceHistory history) {
        assertThat(history.mostAtOnceForOnePod())
                .as("instances of one pod at the same time")
                .isEqualTo(1);
        assertThat(history.alive()).as("instances held").hasSize(PODS);
        assertThat(history.alive().stream().filter(life -> life.region().equals(NEAR)))
                .as("pods in the unit with the cap")
                .hasSize(CAP);
        var instanceByPod =
                history.alive().stream().collect(toMap(InstanceHistory.Life::podUid, InstanceHistory.Life::id));
        for (var pod : pods.path("items")) {
            var metadata = pod.path("metadata");
            assertThat(metadata.path("annotations")
                            .path("alibabacloud.com/instance-id")
                            .asText())
                    .as("instance of %s", metadata.path("name").asText())
                    .isEqualTo(instanceByPod.get(metadata.path("uid").asText()));
        }
    }

    private SpillwayProcess controller(String log) {
        return SpillwayProcess.start(
                folder.resolve(log),
                "controller",
                "--port=0",
                "--record=file",
                "--record-folder=" + recordings(),
                "--kubeconfig",
                cluster.kubeconfig().toString());
    }

    private Path recordings() {
        return folder.resolve("recordings");
    }

    /** That of the killed one breaks off. */
    private void assertRecordingsReplayEqual() throws IOException {
        var command = new ArrayList<>(List.of("replay"));
        try (var files = Files.list(recordings())) {
            files.map(Path::toString).sorted().forEach(command::add);
        }
        var replayed = Spillway.run(command);
        System.out.print(replayed.out());
        assertThat(replayed.exitCode()).as(replayed.toString()).isZero();
        assertThat(replayed.out())
                .containsOnlyOnce("the file breaks off after event ")
                .contains("2 passed, 0 failed");
    }

    private void awaitLeading(SpillwayProcess controller) {
        var readyz = URI.create(said(controller, "health=\"(\\S+)\""));
        await("the controller leads", Duration.ofMinutes(1), () -> get(readyz).equals("leading\n"));
    }

    /** The first match in what a process says. */
    private static String said(SpillwayProcess process, String pattern) {
        var compiled = Pattern.compile(pattern);
        await("a process says " + pattern, Duration.ofMinutes(1), () -> {
            var output = process.output();
            assertThat(process.isAlive()).as(output).isTrue();
            return compiled.matcher(output).find();
        });
        var matcher = compiled.matcher(process.output());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private void createPods() throws InterruptedException {
        try (var threads = Executors.newFixedThreadPool(8)) {
            IntStream.range(0, PODS).forEach(i -> threads.execute(() -> create(PODS_PATH, pod(i))));
        }
    }

    private void create(String path, String yaml) {
        var answer = cluster.api().post(path, yaml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private JsonNode pods() {
        return parse(cluster.api().get(PODS_PATH).body());
    }

    private static int bound(JsonNode pods) {
        return count(pods, pod -> !pod.at("/spec/nodeName").asText().isEmpty());
    }

    private static int running(JsonNode pods) {
        return count(pods, pod -> pod.at("/status/phase").asText().equals("Running"));
    }

    private static int count(JsonNode pods, Predicate<JsonNode> which) {
        int count = 0;
        for (var pod : pods.path("items")) {
            if (which.test(pod)) {
                count++;
            }
        }
        return count;
    }

    private InstanceHistory history() {
        return InstanceHistory.of(parse(get(endpoint.resolve("/v1/history"))));
    }

    private int accepted() {
        int accepted = 0;
        for (var offer : parse(get(endpoint.resolve("/v1/statistics"))).path("acquires")) {
            accepted += offer.path("outcomes").path("ACCEPTED").asInt();
        }
        return accepted;
    }

    private String get(URI uri) {
        try {
            return http.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError("No answer from " + uri, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted.", e);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    private String region(String name, String gpuModel, int instances) {
        // Slow enough that many requests are under way when the controller is killed.
        return """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: %1$s}
            spec:
              zones: [{id: %1$s-a}]
              offers: [{computeClass: gpu, gpuModel: %2$s}]
              backend:
                type: Simulated
                endpoint: %4$s
                requestTimeoutMillis: 3000
                simulated:
                  acceptLatencyMillis: 100
                  startupDelayMillis: 500
                  stock: [{gpuModel: %2$s, script: {constant: %3$d}}]
            """.formatted(name, gpuModel, instances, endpoint);
    }

    private static String pod(int number) {
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: restart-%d, labels: {app: restart}}
            spec:
              schedulerName: ack-co-scheduler
              containers:
                - name: main
                  image: nginx
                  resources: {limits: {cpu: 1, memory: 1Gi, nvidia.com/gpu: 1}}
            """.formatted(number);
    }
}
