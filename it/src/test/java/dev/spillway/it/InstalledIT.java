package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real API server and Kubernetes' own controllers do with what the chart and deploy/ bring, and with what is left when they go. There is no node, so
 * the Deployment's pods are made, and admitted, and wait.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class InstalledIT {
    private static final String HOME = "spillway-system";
    private static final String CHART = "../deploy/chart";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private InstallTools tools;
    private ControlPlane cluster;
    private Kubectl kubectl;

    @BeforeAll
    void start() {
        tools = InstallTools.obtain(folder);
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
        kubectl = new Kubectl(cluster.kubectl(), cluster.kubeconfig());
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void helmInstallsUpgradesAndGoesAndWhatRunsStays() {
        kubectl("create", "namespace", HOME);
        kubectl("label", "namespace", HOME, "pod-security.kubernetes.io/enforce=restricted");

        var installed = helm("install", "spillway", CHART, "--namespace", HOME);

        assertThat(installed).contains("2 controllers, one of which works").doesNotContain("does not hold pods");
        awaitPods(2);
        assertAdmittedWhenRestricted();
        assertRights();
        assertOwnNodesOnly();

        apply(LEFT_BEHIND);
        helm("upgrade", "spillway", CHART, "--namespace", HOME, "--set", "replicas=3");
        awaitPods(3);

        var gone = helm("uninstall", "spillway", "--namespace", HOME);

        assertThat(gone).contains("[CustomResourceDefinition] regions.spillway.dev");
        assertThat(kubectl.run(List.of("get", "deployment,pdb,networkpolicy,role", "-n", HOME, "-o", "name"))
                        .text())
                .doesNotContain("spillway");
        assertLeftBehind();

        helm("install", "spillway", CHART, "--namespace", HOME);
        var helms = Spillway.run(cluster, "uninstall");
        assertThat(helms.exitCode()).isEqualTo(1);
        assertThat(helms.err()).contains("run 'helm uninstall spillway -n spillway-system' first");
        helm("uninstall", "spillway", "--namespace", HOME);
        removeLeftBehind();
        var removed = Spillway.run(cluster, "uninstall", "--delete-crds");
        assertThat(removed.exitCode()).as(removed.toString()).isZero();
        kubectl("delete", "namespace", HOME, "--wait=true");
    }

    @Test
    void kubectlAppliesAndSpillwayTakesItOut() {
        kubectl("apply", "--server-side", "-k", "../deploy");
        awaitPods(2);
        assertAdmittedWhenRestricted();
        assertRights();
        apply(LEFT_BEHIND);
        // Applied again, nothing changes: what is applied is what the server keeps.
        assertThat(kubectl("apply", "--server-side", "-k", "../deploy"))
                .contains("deployment.apps/spillway serverside-applied");

        kubectl("apply", "--server-side", "-k", "../deploy/kubernetes-regions");
        assertThat(may("get", "secrets", HOME)).isTrue();
        kubectl("delete", "-k", "../deploy/kubernetes-regions");
        assertThat(may("get", "secrets", HOME)).isFalse();

        var removed = Spillway.run(cluster, "uninstall");
        assertThat(removed.exitCode()).as(removed.toString()).isZero();
        assertLeftBehind();
        removeLeftBehind();
        kubectl("delete", "-k", "../deploy", "--ignore-not-found");
    }

    /** The Deployment's pods, by a server that has just been told that the namespace is restricted, and nobody's mutation. */
    private void assertAdmittedWhenRestricted() {
        var deployment = get("/apis/apps/v1/namespaces/%s/deployments/spillway".formatted(HOME));
        var pod = ((ObjectNode) deployment.at("/spec/template")).deepCopy();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ((ObjectNode) pod.path("metadata")).put("name", "trial");
        var path = "/api/v1/namespaces/%s/pods?dryRun=All".formatted(HOME);
        var admitted = cluster.api().post(path, pod.toString());
        assertThat(admitted.statusCode()).as(admitted.body()).isEqualTo(201);

        ((ObjectNode) pod.at("/spec/containers/0/securityContext")).remove("capabilities");
        var refused = cluster.api().post(path, pod.toString());
        assertThat(refused.statusCode())
                .as("the namespace is restricted indeed")
                .isEqualTo(403);
        assertThat(refused.body()).contains("violates PodSecurity");
    }

    private void assertRights() {
        assertThat(may("create", "pods", "default", "--subresource=binding")).isTrue();
        assertThat(may("create", "tokenreviews.authentication.k8s.io", "default"))
                .isTrue();
        assertThat(may("update", "leases.coordination.k8s.io/spillway", HOME)).isTrue();
        assertThat(may("update", "leases.coordination.k8s.io/another", HOME)).isFalse();
        assertThat(may("watch", "configmaps/eci-profile", "kube-system")).isTrue();
        for (var namespace : List.of("default", HOME, "kube-system")) {
            for (var verb : List.of("get", "list", "watch")) {
                assertThat(may(verb, "secrets", namespace)).isFalse();
                assertThat(may(verb, "configmaps", namespace)).isFalse();
            }
            assertThat(may("create", "pods", namespace)).isFalse();
            assertThat(may("create", "serviceaccounts", namespace, "--subresource=token"))
                    .isFalse();
        }
        assertThat(may("impersonate", "users", "default")).isFalse();
        assertThat(may("escalate", "clusterroles.rbac.authorization.k8s.io", "default"))
                .isFalse();
        assertThat(may("create", "certificatesigningrequests.certificates.k8s.io", "default"))
                .isFalse();
    }

    /** RBAC alone would let it delete every Node. */
    private void assertOwnNodesOnly() {
        for (var node : List.of("machine", "virtual-kubelet")) {
            apply("{apiVersion: v1, kind: Node, metadata: {name: a-%s, labels: {type: %s}}}".formatted(node, node));
        }
        var account = "system:serviceaccount:%s:spillway".formatted(HOME);
        var words = List.of("delete", "node", "a-machine", "--dry-run=server", "--as", account);
        await(
                "a machine is not the controller's to delete",
                () -> kubectl.run(words).text().contains("virtual nodes only"));
        kubectl("delete", "node", "a-virtual-kubelet", "--as", account);
        kubectl("delete", "node", "a-machine");
    }

    /** What stays when Spillway goes. */
    private static final String LEFT_BEHIND = """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: cn-test}
            spec:
              zones: [{id: cn-test-a}]
              offers: [{computeClass: general-purpose}]
              backend: {type: Simulated, endpoint: 'http://127.0.0.1:1'}
            ---
            apiVersion: scheduling.alibabacloud.com/v1alpha1
            kind: ResourcePolicy
            metadata: {name: kept, namespace: default}
            spec:
              selector: {app: web}
              units: [{resource: ecs}]
            """;

    private void assertLeftBehind() {
        kubectl("get", "region", "cn-test");
        kubectl("get", "resourcepolicy", "kept", "-n", "default");
    }

    private void removeLeftBehind() {
        kubectl("delete", "region", "cn-test");
        kubectl("delete", "resourcepolicy", "kept", "-n", "default");
    }

    private void awaitPods(int replicas) {
        await(
                "%d pods of the Deployment are admitted".formatted(replicas),
                () -> get("/api/v1/namespaces/%s/pods?labelSelector=app%%3Dspillway".formatted(HOME))
                                .path("items")
                                .size()
                        == replicas);
    }

    private boolean may(String verb, String what, String namespace, String... further) {
        var words = new ArrayList<>(List.of("auth", "can-i", verb, what, "-n", namespace));
        words.addAll(List.of("--as", "system:serviceaccount:%s:spillway".formatted(HOME)));
        words.addAll(List.of(further));
        return kubectl.run(words).exitCode() == 0;
    }

    private String helm(String... words) {
        var ended = tools.helm(cluster.kubeconfig(), List.of(words)).done();
        return ended.out() + ended.err();
    }

    private void apply(String yaml) {
        try {
            kubectl(
                    "apply",
                    "-f",
                    Files.writeString(folder.resolve("objects.yaml"), yaml).toString());
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
}
