package dev.spillway.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.app.FakeApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an uninstallation does where something is in its way; {@code UninstallIT} sees it work on a real server. */
@Timeout(60)
final class RemovalTest {
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/spillway-system/deployments/spillway";
    private static final String ROLE = "/apis/rbac.authorization.k8s.io/v1/clusterroles/spillway";
    private static final String A_ROLE = "{\"apiVersion\": \"rbac.authorization.k8s.io/v1\"}";
    private static final String REGIONS = "/apis/spillway.dev/v1alpha1/regions";
    private static final String REGIONS_DEFINITION =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/regions.spillway.dev";

    private final FakeApiServer server = new FakeApiServer().withEmptyCluster();
    private final List<String> changed = Collections.synchronizedList(new ArrayList<>());
    private final List<String> told = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() {
        server.close();
    }

    private void uninstall(boolean definitions) throws IOException {
        try (var cluster = Cluster.open(server.kubeconfig(folder), "test")) {
            new Removal(cluster, new Removal.Wish(false, definitions, "spillway-system", "spillway"), told::add).run();
        }
    }

    /** Something that is read as given, and whose changes are noted. */
    private void has(String path, int code, String object) {
        server.answersTo(path, code, sent -> {
            if (!sent.isEmpty()) {
                changed.add(path.substring(path.lastIndexOf('/') + 1) + (sent.contains("tolerations") ? " kept" : ""));
            }
            return object;
        });
    }

    private void hasPods(String... pods) {
        server.answers("/api/v1/nodes", 200, """
                {"items": [{"metadata": {"name": "virtual-kubelet-z1"}, "status": {"nodeInfo": {"kubeletVersion": "v1.37.0-spillway"}}}]}
                """);
        server.answers("/api/v1/pods", 200, "{\"items\": [%s]}".formatted(String.join(",", pods)));
        has("/api/v1/nodes/virtual-kubelet-z1", 200, "{}");
    }

    private static String pod(String name, String owner) {
        return """
                {"metadata": {"namespace": "default", "name": "%s", "uid": "uid-%s", "ownerReferences": [%s]},
                 "spec": {"nodeName": "virtual-kubelet-z1", "tolerations": [
                   {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}]},
                 "status": {"phase": "Pending"}}
                """.formatted(name, name, owner);
    }

    @Test
    void aPodThatCannotBeChangedKeepsNoOtherFromIt() throws IOException {
        hasPods(pod("a", ""), pod("b", ""), pod("c", ""));
        has("/api/v1/namespaces/default/pods/a", 403, "{\"message\": \"a webhook says no\"}");
        has("/api/v1/namespaces/default/pods/b", 200, "{}");
        has("/api/v1/namespaces/default/pods/c", 200, "{}");
        has(ROLE, 200, A_ROLE);

        assertThatThrownBy(() -> uninstall(false))
                .isInstanceOf(ClusterException.class)
                .hasMessageStartingWith("1 of what is left could not be settled")
                .hasMessageContaining("run this again")
                .hasMessageContaining("a webhook says no");

        assertThat(changed).containsExactly("a kept", "b kept", "c kept", "spillway");
        assertThat(told)
                .contains("told 2 pods (default/b, default/c) to stand the silence of Node virtual-kubelet-z1")
                .contains("removed ClusterRole spillway");
    }

    /** Kubernetes counts from the controller's end on, so nothing that may fail or take time comes in between. */
    @Test
    void podsAreKeptAsSoonAsTheControllerHasEnded() throws IOException {
        hasPods(pod("a", ""));
        has("/api/v1/namespaces/default/pods/a", 200, "{}");
        has(ROLE, 200, A_ROLE);
        has(DEPLOYMENT, 200, "{\"apiVersion\": \"apps/v1\"}");

        uninstall(false);

        assertThat(changed).containsExactly("spillway", "a kept", "spillway");
        assertThat(told.subList(0, 2))
                .containsExactly(
                        "removed Deployment spillway-system/spillway",
                        "told 1 pod (default/a) to stand the silence of Node virtual-kubelet-z1");
    }

    @Test
    void noRegionRunsAPodOfADaemonSet() throws IOException {
        hasPods(pod("agent-x", "{\"kind\": \"DaemonSet\", \"name\": \"agent\", \"controller\": true}"));

        uninstall(false);

        assertThat(told).contains("removed Node virtual-kubelet-z1, which has no pods");
        assertThat(changed).containsExactly("virtual-kubelet-z1");
    }

    /** Only an installation by Helm writes its annotations; what it renders for others has its label all the same. */
    @Test
    void helmsIsWhatItInstalled() throws IOException {
        has(
                ROLE,
                200,
                A_ROLE.replace("}", ", \"metadata\": {\"labels\": {\"app.kubernetes.io/managed-by\": \"Helm\"}}}"));
        uninstall(false);
        assertThat(told).contains("removed ClusterRole spillway");

        has(
                ROLE,
                200,
                A_ROLE.replace("}", ", \"metadata\": {\"annotations\": {\"meta.helm.sh/release-name\": \"mine\"}}}"));
        assertThatThrownBy(() -> uninstall(false)).hasMessageContaining("helm uninstall mine");
    }

    @Test
    void regionsStayWhileTheyCountInstances() throws IOException {
        server.answers(REGIONS, 200, """
                {"items": [{"metadata": {"name": "near"}, "status": {"instances": 2}}]}""");
        has(REGIONS_DEFINITION, 200, "{}");

        assertThatThrownBy(() -> uninstall(true)).hasMessageContaining("Region near has 2 live instances");
        assertThat(changed).isEmpty();
    }

    /** What came while the controller ended is seen, too. */
    @Test
    void definitionsAreLookedAtAgainBeforeTheyGo() throws IOException {
        has(REGIONS_DEFINITION, 200, "{}");
        server.answersTo(ROLE, 200, sent -> {
            if (!sent.isEmpty()) {
                hasPods(pod("late", ""));
            }
            return A_ROLE;
        });

        assertThatThrownBy(() -> uninstall(true)).hasMessageContaining("1 pod still runs (default/late) in regions");
        assertThat(changed).isEmpty();
    }
}
