package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code spillway uninstall} takes away, what it leaves, and that what runs outlasts it: Kubernetes' own controllers, told to be quick, delete pods of
 * silent nodes meanwhile.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class UninstallIT {
    private static final String PODS = "/api/v1/namespaces/default/pods/";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private ControlPlane cluster;
    private Kubectl kubectl;
    private @Nullable Thread heart;

    @BeforeEach
    void start() {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults()
                .withApiserverArgument("--default-unreachable-toleration-seconds=3")
                .withApiserverArgument("--default-not-ready-toleration-seconds=3")
                .withControllerManagerArgument("--node-monitor-grace-period=8s")
                .withControllerManagerArgument("--node-monitor-period=1s"));
        kubectl = new Kubectl(cluster.kubectl(), cluster.kubeconfig());
    }

    @AfterEach
    void stop() throws InterruptedException {
        var beating = heart;
        if (beating != null) {
            beating.interrupt();
            beating.join();
        }
        cluster.close();
    }

    @Test
    void whatRunsInRegionsOutlastsIt() {
        kubectl("apply", "--server-side", "-k", "../deploy");
        node("virtual-kubelet-z1", "virtual-kubelet", "v1.37.0-spillway");
        node("virtual-kubelet-z2", "virtual-kubelet", "v1.37.0-spillway");
        node("machine", "machine", "v1.37.0");
        pod("remote", "virtual-kubelet-z1");
        pod("local", "machine");
        // Where no node is alive, Kubernetes takes it for a failure of its own and deletes nothing.
        keepAlive("alive");

        var dry = Spillway.run(cluster, "uninstall", "--dry-run");

        assertThat(dry.exitCode()).as(dry.toString()).isZero();
        assertThat(dry.out())
                .contains(
                        "would remove Deployment spillway-system/spillway",
                        "would remove ClusterRole spillway",
                        "would remove Node virtual-kubelet-z2, which has no pods",
                        "would tell 1 pod (default/remote) to stand the silence of Node virtual-kubelet-z1",
                        "would stay: Node virtual-kubelet-z1, with 1 pod (default/remote) that its region runs",
                        "would stay: CustomResourceDefinition regions.spillway.dev, with 0 objects",
                        "would stay: Namespace spillway-system");
        kubectl("get", "deployment/spillway", "role/spillway-leases", "-n", "spillway-system");
        kubectl("get", "node", "virtual-kubelet-z2");

        var done = Spillway.run(cluster, "uninstall");

        assertThat(done.exitCode()).as(done.toString()).isZero();
        assertThat(done.out())
                .isEqualTo(dry.out()
                        .replace("would remove", "removed")
                        .replace("would stay", "stays")
                        .replace("would tell", "told"));
        assertThat(left()).isEmpty();
        await("Kubernetes deletes the pod of another silent node", Duration.ofMinutes(1), () -> isEnding("local"));
        assertThat(isEnding("remote")).isFalse();
        assertThat(get("/api/v1/nodes/virtual-kubelet-z1").at("/spec/taints").toString())
                .as("its node is silent, too")
                .contains("node.kubernetes.io/unreachable");

        var again = Spillway.run(cluster, "uninstall");
        assertThat(again.exitCode()).as(again.toString()).isZero();
        assertThat(again.out()).doesNotContain("removed");
    }

    @Test
    void definitionsGoOnlyWhereNothingHangsOnThem() {
        assertThat(Spillway.run(cluster, "install").exitCode()).isZero();
        kubectl("apply", "-f", "../examples/regions.yaml");
        node("virtual-kubelet-z1", "virtual-kubelet", "v1.37.0-spillway");
        pod("remote", "virtual-kubelet-z1");

        assertRefused("1 pod still runs (default/remote) in regions", "uninstall", "--delete-crds");

        kubectl("delete", "pod", "remote", "--force", "--grace-period=0");
        var finalizer = "{\"metadata\": {\"finalizers\": [\"example.com/mine\"]}}";
        kubectl("patch", "region", "cn-hangzhou", "--type=merge", "-p", finalizer);
        assertRefused("Region cn-hangzhou has the finalizer example.com/mine", "uninstall", "--delete-crds");

        kubectl("patch", "region", "cn-hangzhou", "--type=merge", "-p", "{\"metadata\": {\"finalizers\": null}}");
        var done = Spillway.run(cluster, "uninstall", "--delete-crds");

        assertThat(done.exitCode()).as(done.toString()).isZero();
        assertThat(done.out()).contains("removed CustomResourceDefinition regions.spillway.dev");
        assertThat(kubectl.run(List.of("get", "crd", "-o", "name")).text()).doesNotContain("spillway");
        assertRefused("nothing of Spillway that could be upgraded", "upgrade");
    }

    @Test
    void notWhileAControllerPlacesPods() {
        assertThat(Spillway.run(cluster, "install").exitCode()).isZero();
        kubectl("create", "namespace", "spillway-system");
        var kubeconfig = cluster.kubeconfig().toString();
        try (var controller = SpillwayProcess.start(
                folder.resolve("controller.log"), "controller", "--port=0", "--kubeconfig", kubeconfig)) {
            await(
                    "the controller leads",
                    Duration.ofMinutes(1),
                    () -> controller.output().contains("leading"));

            assertRefused("still places pods: it holds Lease spillway-system/spillway; end it", "uninstall");
            assertThat(Spillway.run(cluster, "uninstall", "--dry-run").out()).contains("in the way: ");
        }
        assertThat(Spillway.run(cluster, "uninstall").out()).contains("removed Lease spillway-system/spillway");
    }

    @Test
    void installSaysBeforehandWhatItWouldDo() {
        var before = Spillway.run(cluster, "install", "--dry-run");
        assertThat(before.out()).contains("CustomResourceDefinition regions.spillway.dev would be made");
        assertThat(kubectl.run(List.of("get", "crd", "-o", "name")).text()).doesNotContain("spillway");

        assertThat(Spillway.run(cluster, "install").exitCode()).isZero();
        var after = Spillway.run(cluster, "install", "--dry-run");
        assertThat(after.out().lines()).isNotEmpty().allMatch(line -> line.endsWith(" is as it should be"));

        kubectl("patch", "crd", "regions.spillway.dev", "--type=json", "-p", """
                [{"op": "remove", "path": "/spec/versions/0/additionalPrinterColumns/0"}]""");
        assertThat(Spillway.run(cluster, "upgrade", "--dry-run").out())
                .contains("CustomResourceDefinition regions.spillway.dev would be changed");
        assertThat(Spillway.run(cluster, "upgrade").exitCode()).isZero();
        assertThat(Spillway.run(cluster, "upgrade", "--dry-run").out()).doesNotContain("would be changed");
    }

    private void assertRefused(String why, String... words) {
        var refused = Spillway.run(cluster, words);
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.err().lines()).hasSize(1);
        assertThat(refused.err()).contains(why);
    }

    /** What of the manifests is still there, but for what is to stay. */
    private List<String> left() {
        var kinds =
                "deployments,pdb,services,networkpolicies,serviceaccounts,roles,rolebindings,leases,clusterroles,clusterrolebindings,"
                        + "mutatingadmissionpolicies,mutatingadmissionpolicybindings,validatingadmissionpolicies,validatingadmissionpolicybindings";
        return kubectl("get", kinds, "-A", "-o", "name")
                .lines()
                .filter(line -> line.contains("spillway"))
                .toList();
    }

    private void node(String name, String type, String version) {
        var answer = cluster.api().post("/api/v1/nodes", """
                apiVersion: v1
                kind: Node
                metadata: {name: %s, labels: {type: %s}}
                status:
                  conditions: [{type: Ready, status: "True", reason: Test, message: test}]
                  nodeInfo: {kubeletVersion: %s, machineID: "", systemUUID: "", bootID: "", kernelVersion: "", osImage: "",
                    containerRuntimeVersion: "", kubeProxyVersion: "", operatingSystem: "", architecture: ""}
                """.formatted(name, type, version));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /** Until the test ends. */
    private void keepAlive(String node) {
        node(node, "machine", "v1.37.0");
        var leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
        var lease = """
                apiVersion: coordination.k8s.io/v1
                kind: Lease
                metadata: {name: %s}
                spec: {holderIdentity: %s}
                """.formatted(node, node);
        assertThat(cluster.api().post(leases, lease).statusCode()).isEqualTo(201);
        heart = Thread.startVirtualThread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                var renewed = Instant.now();
                cluster.api()
                        .merge(leases + "/" + node, "{\"spec\": {\"renewTime\": \"%s\"}}".formatted(micros(renewed)));
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        });
    }

    private static String micros(Instant instant) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    private void pod(String name, String node) {
        var answer = cluster.api().post("/api/v1/namespaces/default/pods", """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  nodeName: %s
                  containers: [{name: main, image: nginx}]
                """.formatted(name, node));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(StreamSupport.stream(get(PODS + name).at("/spec/tolerations").spliterator(), false))
                .as("Kubernetes would delete it 3 s after its node has fallen silent")
                .anyMatch(toleration -> toleration.path("tolerationSeconds").asInt() == 3);
    }

    private boolean isEnding(String pod) {
        var there = get(PODS + pod);
        return !there.at("/metadata/name").asText().equals(pod)
                || there.path("metadata").has("deletionTimestamp");
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
}
