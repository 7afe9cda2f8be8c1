package dev.spillway.trials.scalein;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.embedded.controllers.VictimOrder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Objects as a watch hands them over, among them pods whose victims the embedded cluster's own order chooses. */
final class ScaleInLogTest {
    private static final int SEEDS = 60;
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Instant now = START;
    private int version;

    @Test
    void readsWhatReplicaSetsLookAt() {
        var pod = PodVersion.of(pod("a", true, true, "Running", "1900"), START, false);

        assertThat(pod.standing()).isEqualTo(new Standing(true, Standing.Phase.RUNNING, true, 1900, "2"));
        assertThat(pod.presence()).isEqualTo(PodVersion.Presence.ACTIVE);
        assertThat(PodVersion.of(pod("b", false, false, "Pending", "+5"), START, false)
                        .standing())
                .as("no node, and a cost that is no number")
                .isEqualTo(new Standing(false, Standing.Phase.PENDING, false, 0, "2"));
    }

    @Test
    void aPodThatWasNeverSeenTerminatingHasLeftWhenItIsGone() {
        var log = new ScaleInLog(() -> now);
        log.seen(set(2));
        log.seen(pod("a", true, true, "Running", "2"));
        log.seen(pod("b", true, true, "Running", "1"));
        now = now.plus(Duration.ofMinutes(1));
        log.seen(set(1));
        log.gone(pod("a", true, true, "Running", "2"));

        assertThat(log.complaints())
                .containsExactly("scale-in of demo/web-5d: b (cost 1, unit 2) stayed while a (cost 2, unit 2) left:"
                        + " nothing explains it");
    }

    @Test
    void podsOfJobsAreInNoOrder() {
        var pod = pod("a", true, true, "Running", "2");
        pod.getMetadata().getOwnerReferences().getFirst().setKind("Job");

        assertThat(PodVersion.of(pod, START, false).isActive()).isFalse();
    }

    @Test
    void aWatchThatBrokeIsAComplaint() {
        var log = new ScaleInLog(() -> now);

        log.ended("too old resource version");

        assertThat(log.complaints())
                .containsExactly("the order of scale-ins could not be watched to the end: too old resource version");
    }

    @Test
    void theOrderOfKubernetesIsAlwaysExplained() {
        int explained = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = scaleIn(seed, Order.OF_KUBERNETES, Health.MIXED);

            assertThat(log.complaints()).as("seed %d", seed).isEmpty();
            explained += log.scaleIns().getFirst().breaks().size();
        }
        assertThat(explained).as("breaks that a rule before the cost explains").isPositive();
    }

    @Test
    void amongReadyPodsTheOrderOfKubernetesBreaksNothing() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(scaleIn(seed, Order.OF_KUBERNETES, Health.ALL_READY)
                            .scaleIns()
                            .getFirst()
                            .breaks())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void amongReadyPodsTheInvertedOrderIsAlwaysReported() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(scaleIn(seed, Order.INVERTED, Health.ALL_READY).complaints())
                    .as("seed %d", seed)
                    .isNotEmpty();
        }
    }

    private enum Order {
        OF_KUBERNETES,
        INVERTED
    }

    private enum Health {
        ALL_READY,
        MIXED
    }

    /** Twelve pods, of which some leave. */
    private ScaleInLog scaleIn(int seed, Order order, Health health) {
        var random = new SplittableRandom(seed);
        int leaving = 1 + random.nextInt(11);
        var log = new ScaleInLog(() -> now);
        var pods = new ArrayList<Pod>();
        log.seen(set(12));
        for (int i = 0; i < 12; i++) {
            boolean isWell = health == Health.ALL_READY;
            pods.add(pod(
                    "p" + i,
                    isWell || random.nextInt(4) > 0,
                    isWell || random.nextInt(3) > 0,
                    isWell
                            ? "Running"
                            : List.of("Pending", "Unknown", "Running").get(random.nextInt(3)),
                    Integer.toString(i)));
        }
        pods.forEach(log::seen);
        now = now.plus(Duration.ofMinutes(1));
        log.seen(set(12 - leaving));
        var inOrder = new ArrayList<>(pods.stream().map(ScaleInLogTest::tree).toList());
        inOrder.sort(new VictimOrder(inOrder, now));
        var names =
                inOrder.stream().map(pod -> pod.at("/metadata/name").asText()).toList();
        for (String name : (order == Order.INVERTED ? names.reversed() : names).subList(0, leaving)) {
            Pod pod = pods.stream()
                    .filter(one -> one.getMetadata().getName().equals(name))
                    .findFirst()
                    .orElseThrow();
            pod.getMetadata().setResourceVersion(Integer.toString(++version));
            pod.getMetadata().setDeletionTimestamp(now.toString());
            log.seen(pod);
        }
        return log;
    }

    private Pod pod(String name, boolean hasNode, boolean isReady, String phase, String cost) {
        return read(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %1$s
                  namespace: demo
                  uid: uid-%1$s
                  resourceVersion: "%2$d"
                  creationTimestamp: "2026-01-01T11:00:00Z"
                  annotations: {controller.kubernetes.io/pod-deletion-cost: "%3$s", spillway.dev/unit: "2"}
                  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-5d, uid: set, controller: true}]
                spec:
                  nodeName: %4$s
                  containers: [{name: main, image: nginx}]
                status:
                  phase: %5$s
                  conditions: [{type: Ready, status: "%6$s", lastTransitionTime: "2026-01-01T11:00:00Z"}]
                """.formatted(name, ++version, cost, hasNode ? "n-" + name : "\"\"", phase, isReady ? "True" : "False"),
                Pod.class);
    }

    private ReplicaSet set(int replicas) {
        return read("""
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: web-5d, namespace: demo, uid: set, resourceVersion: "%d"}
            spec: {replicas: %d}
            """.formatted(++version, replicas), ReplicaSet.class);
    }

    private static <T extends HasMetadata> T read(String yaml, Class<T> type) {
        return Serialization.unmarshal(yaml, type);
    }

    private static JsonNode tree(Pod pod) {
        try {
            return JSON.readTree(Serialization.asJson(pod));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
