package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * Pods of one policy, all created at once in a namespace of their own: 9 of 20 fit into its first unit, 10 into its second, and the last of 20 has to
 * wait. No pod is ever deleted, so a cap that is exact at the end was never exceeded.
 */
final class Storm {
    static final String NEAR = "near";
    static final String FAR = "far";
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PlainApi api;
    private final String name;
    private final int pods;
    private final Map<String, Integer> caps;

    Storm(PlainApi api, String name, int pods) {
        this.api = api;
        this.name = name;
        this.pods = pods;
        this.caps = Map.of(NEAR, pods * 9 / 20, FAR, pods * 10 / 20);
    }

    int fitting() {
        return caps.values().stream().mapToInt(Integer::intValue).sum();
    }

    int size() {
        return pods;
    }

    String podsPath() {
        return "/api/v1/namespaces/%s/pods".formatted(name);
    }

    /** Makes the policy, and then the pods as fast as the server takes them; the future ends with the last of them. */
    CompletableFuture<Void> begin() {
        create(api, "/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(name));
        await(
                "the namespace has its ServiceAccount",
                () -> api.says200("/api/v1/namespaces/%s/serviceaccounts/default".formatted(name)));
        create(
                api,
                "/apis/scheduling.alibabacloud.com/v1alpha1/namespaces/%s/resourcepolicies".formatted(name),
                policy());
        return CompletableFuture.runAsync(() -> {
            try (var threads = Executors.newFixedThreadPool(8)) {
                var created = IntStream.range(0, pods)
                        .mapToObj(i -> CompletableFuture.runAsync(() -> create(api, podsPath(), pod(i)), threads))
                        .toArray(CompletableFuture<?>[]::new);
                CompletableFuture.allOf(created).join();
            }
        });
    }

    /** Creates, again and again while the server is away: an answer that was lost shows as a conflict. */
    static void create(PlainApi api, String path, String yaml) {
        long end = System.nanoTime() + LONG.toNanos();
        while (true) {
            try {
                var answer = api.post(path, yaml);
                if (answer.statusCode() == 201 || answer.statusCode() == 409) {
                    return;
                }
                assertThat(System.nanoTime()).as(answer.body()).isLessThan(end);
            } catch (ControlPlaneException e) {
                assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(end);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    /** Waits until as many pods run as the caps let in. */
    void awaitPlaced() {
        await("%d of %d pods of %s run".formatted(fitting(), pods, name), LONG, () -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500)); // a list of thousands is no small matter
            return list().stream()
                            .filter(pod -> pod.at("/status/phase").asText().equals("Running"))
                            .count()
                    >= fitting();
        });
    }

    /** All that must hold at the end. */
    void assertPlacedExactly(InstanceHistory history) {
        var all = list();
        assertThat(all).as("pods of %s", name).hasSize(pods);
        caps.forEach((region, cap) -> assertThat(all)
                .as("pods of %s in region %s", name, region)
                .filteredOn(pod -> nodeOf(pod).equals("virtual-kubelet-%s-a".formatted(region)))
                .hasSize(cap));
        assertThat(all)
                .as("pods of %s that wait", name)
                .filteredOn(pod -> nodeOf(pod).isEmpty())
                .hasSize(pods - fitting());

        var own = livesOf(all, history);
        assertThat(own.mostAtOnceForOnePod())
                .as("instances of one pod of %s at the same time", name)
                .isEqualTo(1);
        assertThat(own.alive()).as("instances of %s held", name).hasSize(fitting());
        var instances = own.alive().stream().collect(toMap(InstanceHistory.Life::podUid, InstanceHistory.Life::id));
        for (var pod : all) {
            if (!nodeOf(pod).isEmpty()) {
                assertThat(pod.at("/metadata/annotations")
                                .path("alibabacloud.com/instance-id")
                                .asText())
                        .as("instance of %s", pod.at("/metadata/name").asText())
                        .isEqualTo(instances.get(uidOf(pod)));
            }
        }
    }

    /** What there was of it in the regions, in a line. */
    String totals(InstanceHistory history) {
        var all = list();
        var own = livesOf(all, history);
        return "%d pods: %d + %d bound (caps %d + %d), %d wait; instances ever %d, held %d, at once for one pod %d at most"
                .formatted(
                        all.size(),
                        in(all, NEAR),
                        in(all, FAR),
                        caps.get(NEAR),
                        caps.get(FAR),
                        in(all, ""),
                        own.lives().size(),
                        own.alive().size(),
                        own.mostAtOnceForOnePod());
    }

    /** The UIDs of those that are bound. */
    Set<String> bound() {
        var uids = new HashSet<String>();
        list().stream().filter(pod -> !nodeOf(pod).isEmpty()).forEach(pod -> uids.add(uidOf(pod)));
        return uids;
    }

    private static InstanceHistory livesOf(List<JsonNode> pods, InstanceHistory history) {
        var uids = new HashSet<String>();
        pods.forEach(pod -> uids.add(uidOf(pod)));
        return new InstanceHistory(history.lives().stream()
                .filter(life -> uids.contains(life.podUid()))
                .toList());
    }

    private static long in(List<JsonNode> pods, String region) {
        var node = region.isEmpty() ? "" : "virtual-kubelet-%s-a".formatted(region);
        return pods.stream().filter(pod -> nodeOf(pod).equals(node)).count();
    }

    private List<JsonNode> list() {
        var answer = api.get(podsPath());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            return StreamSupport.stream(
                            JSON.readTree(answer.body()).path("items").spliterator(), false)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static String nodeOf(JsonNode pod) {
        return pod.at("/spec/nodeName").asText();
    }

    private static String uidOf(JsonNode pod) {
        return pod.at("/metadata/uid").asText();
    }

    private String policy() {
        return """
            apiVersion: scheduling.alibabacloud.com/v1alpha1
            kind: ResourcePolicy
            metadata: {name: spill, namespace: %s}
            spec:
              selector: {app: storm}
              units:
            """.formatted(name) + unit(NEAR, "L20") + unit(FAR, "GU8TF");
    }

    private String unit(String region, String gpuModel) {
        return """
                - resource: acs
                  max: %2$d
                  nodeSelector: {topology.kubernetes.io/region: %1$s, type: virtual-kubelet}
                  podLabels:
                    alibabacloud.com/compute-class: gpu
                    alibabacloud.com/gpu-model-series: %3$s
                    alibabacloud.com/serverless-region-id: %1$s
            """.formatted(region, caps.get(region), gpuModel);
    }

    private static String pod(int number) {
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: storm-%d, labels: {app: storm}}
            spec:
              schedulerName: ack-co-scheduler
              containers:
                - name: main
                  image: nginx
                  resources: {limits: {cpu: 1, memory: 1Gi, nvidia.com/gpu: 1}}
            """.formatted(number);
    }
}
