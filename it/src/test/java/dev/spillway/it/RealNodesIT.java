package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.scenario.kubelet.PlayedKubelets;
import dev.spillway.trials.scenario.kubelet.PlayedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only a real cluster has: volumes that Kubernetes' own controllers bind, disruption budgets that they count, and a controller with
 * no more rights than {@code deploy/base} gives it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RealNodesIT {
    private static final String NAMESPACE = "real-nodes";
    private static final String PODS = "/api/v1/namespaces/%s/pods/".formatted(NAMESPACE);
    private static final String CLAIMS = "/api/v1/namespaces/%s/persistentvolumeclaims/".formatted(NAMESPACE);
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private ControlPlane cluster;
    private Kubectl kubectl;
    private OutsideClient client;
    private PlayedKubelets kubelets;
    private SpillwayProcess controller;

    @BeforeAll
    void start() throws Exception {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
        kubectl = new Kubectl(cluster.kubectl(), cluster.kubeconfig());
        // Twice: objects of a definition that the first call brought may come too soon for it.
        kubectl.run(List.of("apply", "--server-side", "-k", "../deploy/base"));
        await(
                "deploy/base is applied",
                () -> kubectl.run(List.of("apply", "--server-side", "-k", "../deploy/base"))
                                .exitCode()
                        == 0);
        kubectl("create", "namespace", NAMESPACE);
        await(
                "the namespace has its ServiceAccount",
                () -> cluster.api()
                                .get("/api/v1/namespaces/%s/serviceaccounts/default".formatted(NAMESPACE))
                                .statusCode()
                        == 200);
        var connection = KubeConnection.open(cluster.kubeconfig(), "spillway-it");
        client = new OutsideClient(connection, "spillway-it");
        client.watch(NAMESPACE);
        kubelets = new PlayedKubelets(client, List.of(NAMESPACE), "spillway-it");
        kubelets.join(node("n1", "z1"));
        kubelets.join(node("n2", "z2"));
        controller = SpillwayProcess.start(
                folder.resolve("controller.log"),
                "controller",
                "--port=0",
                "--kubeconfig",
                restricted().toString());
        await("the controller leads", Duration.ofMinutes(1), () -> {
            assertThat(controller.isAlive()).as(controller.output()).isTrue();
            return controller.output().contains("leading");
        });
        apply("""
            apiVersion: scheduling.alibabacloud.com/v1alpha1
            kind: ResourcePolicy
            metadata: {name: own, namespace: real-nodes}
            spec:
              selector: {app: web}
              units: [{resource: ecs}]
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: local}
            provisioner: kubernetes.io/no-provisioner
            volumeBindingMode: WaitForFirstConsumer
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: made}
            provisioner: disks.example.com
            volumeBindingMode: WaitForFirstConsumer
            """);
    }

    @AfterAll
    void stop() {
        if (controller != null) {
            controller.close();
        }
        if (kubelets != null) {
            kubelets.close();
            client.close();
        }
        cluster.close();
    }

    @Test
    void aPodGoesWhereItsVolumeIs() {
        apply(volume("local-1", "local", "z2", ""));
        apply(claim("mine", "local"));
        apply(pod("reader", "{}", "mine"));

        await("the pod runs", Duration.ofMinutes(1), () -> runs("reader"));

        assertThat(nodeOf("reader")).isEqualTo("n2");
        assertThat(get(CLAIMS + "mine").at("/status/phase").asText()).isEqualTo("Bound");
        assertThat(get(CLAIMS + "mine").at("/spec/volumeName").asText()).isEqualTo("local-1");
    }

    /** The test is the storage driver: it makes the volume when it reads which node was chosen. */
    @Test
    void aVolumeIsMadeForTheChosenNodeBeforeThePodIsBound() {
        apply(claim("fresh", "made"));
        apply(pod("writer", "{kubernetes.io/hostname: n1}", "fresh"));
        await(
                "the claim says for which node",
                () -> get(CLAIMS + "fresh")
                        .at("/metadata/annotations/volume.kubernetes.io~1selected-node")
                        .asText()
                        .equals("n1"));
        assertThat(nodeOf("writer")).isEmpty();

        var uid = get(CLAIMS + "fresh").at("/metadata/uid").asText();
        apply(volume(
                "made-1",
                "made",
                "z1",
                "{apiVersion: v1, kind: PersistentVolumeClaim, namespace: real-nodes, name: fresh, uid: %s}"
                        .formatted(uid)));

        await("the pod runs", Duration.ofMinutes(1), () -> runs("writer"));
        assertThat(nodeOf("writer")).isEqualTo("n1");
    }

    @Test
    void aPodThatWaitsForAVolumeSaysSo() {
        apply(pod("early", "{}", "later"));
        await(
                "the pod says why it waits",
                () -> conditionOf("early").contains("persistentvolumeclaim \"later\" not found"));

        apply(volume("local-2", "local", "z1", ""));
        apply(claim("later", "local"));

        await("the pod runs", Duration.ofMinutes(1), () -> runs("early"));
        assertThat(nodeOf("early")).isEqualTo("n1");
    }

    @Test
    void preemptionSparesWhatABudgetProtects() throws Exception {
        kubelets.join(new PlayedNode("gpu-1", Map.of("pool", "gpu"), Map.of("nvidia.com/gpu", "1"), true, false));
        kubelets.join(new PlayedNode("gpu-2", Map.of("pool", "gpu"), Map.of("nvidia.com/gpu", "1"), true, false));
        apply("""
            apiVersion: scheduling.k8s.io/v1
            kind: PriorityClass
            metadata: {name: urgent}
            value: 1000
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: keep, namespace: real-nodes}
            spec: {minAvailable: 1, selector: {matchLabels: {keep: "yes"}}}
            """);
        // The guarded one last: without its budget it would go, since of equal victims the younger one does.
        for (var name : List.of("free", "guarded")) {
            apply(gpu(name, name.equals("guarded") ? ", keep: \"yes\"" : "", ""));
            await(name + " runs", Duration.ofMinutes(1), () -> runs(name));
        }
        await(
                "the budget counts its pod",
                () -> get("/apis/policy/v1/namespaces/real-nodes/poddisruptionbudgets/keep")
                                .at("/status/currentHealthy")
                                .asInt()
                        == 1);
        var expected = nodeOf("free");

        apply(gpu("boss", "", "priorityClassName: urgent"));

        await("the pod of higher priority runs", Duration.ofMinutes(1), () -> runs("boss"));
        assertThat(nodeOf("boss")).isEqualTo(expected);
        assertThat(runs("guarded")).isTrue();
    }

    private static PlayedNode node(String name, String zone) {
        return new PlayedNode(name, Map.of(ZONE, zone), Map.of(), true, false);
    }

    private static String volume(String name, String storageClass, String zone, String claim) {
        return """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: %s}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              storageClassName: %s
              persistentVolumeReclaimPolicy: Retain
              local: {path: /data}
              nodeAffinity:
                required:
                  nodeSelectorTerms:
                    - matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [%s]}]
            %s\
            """.formatted(name, storageClass, zone, claim.isEmpty() ? "" : "  claimRef: " + claim);
    }

    private static String claim(String name, String storageClass) {
        return """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: %s, namespace: real-nodes}
            spec:
              accessModes: [ReadWriteOnce]
              storageClassName: %s
              resources: {requests: {storage: 1Gi}}
            """.formatted(name, storageClass);
    }

    private static String pod(String name, String nodeSelector, String claim) {
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: real-nodes, labels: {app: web}}
            spec:
              schedulerName: ack-co-scheduler
              nodeSelector: %s
              containers:
                - name: main
                  image: nginx
              volumes: [{name: data, persistentVolumeClaim: {claimName: %s}}]
            """.formatted(name, nodeSelector, claim);
    }

    private static String gpu(String name, String label, String priority) {
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: real-nodes, labels: {app: web%s}}
            spec:
              schedulerName: ack-co-scheduler
              terminationGracePeriodSeconds: 1
              %s
              containers:
                - name: main
                  image: nginx
                  resources: {limits: {nvidia.com/gpu: 1}}
            """.formatted(name, label, priority);
    }

    /** A kubeconfig of the controller's own ServiceAccount. */
    private Path restricted() throws IOException {
        var token = kubectl("create", "token", "spillway", "--namespace=spillway-system")
                .strip();
        return Files.writeString(
                folder.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: c, cluster: {server: '%s', certificate-authority: '%s'}}]
                    users: [{name: u, user: {token: '%s'}}]
                    contexts: [{name: x, context: {cluster: c, user: u}}]
                    current-context: x
                    """.formatted(cluster.server(), cluster.certificateAuthority(), token));
    }

    private void apply(String yaml) {
        try {
            var file = Files.writeString(Files.createTempFile(folder, "objects", ".yaml"), yaml);
            kubectl("apply", "-f", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String kubectl(String... words) {
        var ended = kubectl.run(new ArrayList<>(Arrays.asList(words)));
        assertThat(ended.exitCode())
                .as("kubectl %s: %s", List.of(words), ended.text())
                .isZero();
        return ended.text();
    }

    private JsonNode get(String path) {
        try {
            return JSON.readTree(cluster.api().get(path).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean runs(String pod) {
        return get(PODS + pod).at("/status/phase").asText().equals("Running");
    }

    private String nodeOf(String pod) {
        return get(PODS + pod).at("/spec/nodeName").asText();
    }

    private String conditionOf(String pod) {
        for (var condition : get(PODS + pod).at("/status/conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")) {
                return condition.path("message").asText();
            }
        }
        return "";
    }
}
