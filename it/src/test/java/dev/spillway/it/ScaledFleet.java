package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.trials.outside.LocalSpillway;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.scalein.ScaleInLog;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A control plane with a Spillway and three simulated regions, and on it Deployments, each in a namespace of its own, that are scaled. Their
 * policies have three units, the first two capped so that most pods are in the first: what a ReplicaSet looks at after the cost, which is how
 * many of its pods share a node, would take those first.
 */
final class ScaledFleet implements AutoCloseable {
    /** Replicas that fill the first two units and spill over. */
    static final int REPLICAS = 30;

    /** How many of them are in each unit. */
    static final Map<String, Long> FULL = Map.of("1", 12L, "2", 10L, "3", 8L);

    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final String UNIT = "spillway.dev/unit";
    private static final Duration MOST = Duration.ofMinutes(1);

    private final ControlPlane controlPlane;
    private final Cluster cluster;
    private final LocalSpillway spillway;
    private final OutsideClient client;

    private ScaledFleet(ControlPlane controlPlane, Cluster cluster, LocalSpillway spillway) {
        this.controlPlane = controlPlane;
        this.cluster = cluster;
        this.spillway = spillway;
        this.client = new OutsideClient(cluster.connection(), "scaled-fleet");
    }

    static ScaledFleet start() throws InterruptedException {
        var controlPlane = ControlPlane.start(ControlPlaneSettings.defaults());
        try {
            var cluster = Cluster.open(controlPlane.kubeconfig(), "scaled-fleet");
            LocalSpillway.install(cluster);
            var spillway = LocalSpillway.start(cluster, controlPlane.kubeconfig());
            var fleet = new ScaledFleet(controlPlane, cluster, spillway);
            for (String region : List.of("region-1", "region-2", "region-3")) {
                fleet.create("/apis/spillway.dev/v1alpha1/regions", region(region, spillway.regionsEndpoint()));
            }
            return fleet;
        } catch (RuntimeException e) {
            controlPlane.close();
            throw e;
        }
    }

    @Override
    public void close() {
        client.close();
        spillway.close();
        cluster.close();
        controlPlane.close();
    }

    /** A namespace with a policy and a Deployment without replicas, and watches of it. */
    OutsideClient.Watching watch(String namespace, ScaleInLog log) {
        create("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(namespace));
        await(
                "the namespace has its ServiceAccount",
                () -> client.get(OutsideClient.core(namespace, "serviceaccounts") + "/default")
                        .isPresent());
        create(OutsideClient.policies(namespace), POLICY);
        create(OutsideClient.deployments(namespace), DEPLOYMENT);
        return client.watchReplicas(namespace, log);
    }

    /** Returns when the Deployment has so many pods, all ready, and nothing else is there. */
    void scale(String namespace, int replicas) {
        client.scale(namespace, "web", replicas);
        await("%d pods of %s are ready, and no others are there".formatted(replicas, namespace), MOST, () -> {
            var pods = pods(namespace);
            return pods.size() == replicas
                    && readyReplicas(namespace) == replicas
                    && pods.stream().allMatch(ScaledFleet::isReady);
        });
    }

    /** Makes pods of the first two units not ready, at full size; returns their names when the ReplicaSet knows. */
    List<String> makeUnready(String namespace, int count, SplittableRandom random) {
        var candidates = new ArrayList<>(pods(namespace).stream()
                .filter(pod -> !annotation(pod, UNIT).equals("3"))
                .toList());
        var chosen = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var pod = candidates.remove(random.nextInt(candidates.size()));
            chosen.add(name(pod));
            patchUnready(OutsideClient.core(namespace, "pods") + "/" + name(pod));
        }
        await(
                "the Deployment knows that %d pods are not ready".formatted(chosen.size()),
                () -> readyReplicas(namespace) == REPLICAS - chosen.size());
        return chosen;
    }

    private void patchUnready(String path) {
        await(path + " is not ready", () -> {
            ObjectNode pod = client.get(path).orElseThrow().deepCopy();
            for (JsonNode condition : pod.path("status").path("conditions")) {
                if (condition.path("type").asText().equals("Ready")) {
                    ((ObjectNode) condition).put("status", "False");
                }
            }
            try {
                client.replace(path + "/status", pod);
                return true;
            } catch (KubernetesClientException e) {
                assertThat(e.getCode()).as("somebody wrote in between").isEqualTo(409);
                return false;
            }
        });
    }

    private List<JsonNode> pods(String namespace) {
        return client.list(OutsideClient.core(namespace, "pods"));
    }

    List<String> names(String namespace) {
        return pods(namespace).stream().map(ScaledFleet::name).toList();
    }

    Map<String, Long> byUnit(String namespace) {
        return pods(namespace).stream().collect(groupingBy(pod -> annotation(pod, UNIT), TreeMap::new, counting()));
    }

    /** The costs of each unit's pods, joined where there are several. */
    Map<String, String> costsByUnit(String namespace) {
        var costs = new TreeMap<String, TreeSet<String>>();
        pods(namespace)
                .forEach(pod -> costs.computeIfAbsent(annotation(pod, UNIT), absent -> new TreeSet<>())
                        .add(annotation(pod, COST)));
        var joined = new TreeMap<String, String>();
        costs.forEach((unit, all) -> joined.put(unit, String.join(",", all)));
        return joined;
    }

    private int readyReplicas(String namespace) {
        return client.get(OutsideClient.deployments(namespace) + "/web")
                .orElseThrow()
                .path("status")
                .path("readyReplicas")
                .asInt();
    }

    private static boolean isReady(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static String annotation(JsonNode pod, String key) {
        return pod.path("metadata").path("annotations").path(key).asText();
    }

    private void create(String path, String yaml) {
        var answer = controlPlane.api().post(path, yaml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static String region(String name, URI endpoint) {
        return """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: %1$s}
            spec:
              zones: [{id: %1$s-a}]
              backend:
                type: Simulated
                endpoint: %2$s
                simulated:
                  startupDelayMillis: 50
                  stock: [{script: {constant: 100}}]
            """.formatted(name, endpoint);
    }

    private static final String POLICY = """
        apiVersion: scheduling.alibabacloud.com/v1alpha1
        kind: ResourcePolicy
        metadata: {name: web}
        spec:
          selector: {app: web}
          units:
            - resource: acs
              max: 12
              nodeSelector: {topology.kubernetes.io/region: region-1}
            - resource: acs
              max: 10
              nodeSelector: {topology.kubernetes.io/region: region-2}
            - resource: acs
              nodeSelector: {topology.kubernetes.io/region: region-3}
        """;

    private static final String DEPLOYMENT = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 0
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              schedulerName: ack-co-scheduler
              containers:
                - name: main
                  image: nginx
                  resources: {limits: {cpu: 1, memory: 1Gi}}
        """;
}
