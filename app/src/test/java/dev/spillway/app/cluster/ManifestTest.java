package dev.spillway.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManifestTest {
    private static final Path CHART = Path.of("..", "deploy", "chart");

    /** Paths as Kubernetes' API reference has them. */
    @ParameterizedTest
    @CsvSource({
        "network.yaml, /apis/networking.k8s.io/v1/namespaces/spillway-system/networkpolicies/spillway",
        "disruption.yaml, /apis/policy/v1/namespaces/spillway-system/poddisruptionbudgets/spillway",
        "metrics.yaml, /api/v1/namespaces/spillway-system/services/spillway-metrics",
        "controller.yaml, /apis/apps/v1/namespaces/spillway-system/deployments/spillway",
        "namespace.yaml, /api/v1/namespaces/spillway-system",
        "own-nodes.yaml, /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/spillway-own-nodes",
    })
    void knowsWhereTheServerHasIt(String file, String path) {
        assertThat(Manifest.read("/deploy/" + file).getFirst().path()).isEqualTo(path);
    }

    @Test
    void movesOnlyWhatIsAtHome() {
        var paths = Manifest.read("/deploy/rbac.yaml").stream()
                .map(manifest -> manifest.movedFrom("spillway-system", "gpus").path())
                .toList();

        assertThat(paths)
                .contains(
                        "/apis/rbac.authorization.k8s.io/v1/namespaces/gpus/roles/spillway-leases",
                        "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/roles/spillway-profile",
                        "/apis/rbac.authorization.k8s.io/v1/clusterroles/spillway");
    }

    /** A file that is installed and not known here would be left behind. */
    @Test
    void whateverIsInstalledIsUninstalled() throws IOException {
        try (var files = Files.walk(CHART)) {
            var installed = files.filter(path -> path.toString().endsWith(".yaml"))
                    .map(path -> CHART.relativize(path).toString())
                    .filter(path -> !path.startsWith("templates/"))
                    .filter(path -> path.startsWith("base/") || path.endsWith("/rbac.yaml"))
                    .filter(path -> !path.endsWith("kustomization.yaml") && !path.startsWith("base/crds/"))
                    .map(path -> "/deploy/" + path.replaceFirst("^base/", ""))
                    .toList();

            assertThat(Stream.concat(Removal.FILES.stream(), Stream.of("/deploy/namespace.yaml")))
                    .containsExactlyInAnyOrderElementsOf(installed);
        }
    }

    @Test
    void kustomizeAppliesEveryFile() throws IOException {
        var named = Files.readString(CHART.resolve("base/kustomization.yaml"));
        for (var file : List.of("base", "base/crds")) {
            try (var files = Files.list(CHART.resolve(file))) {
                assertThat(files.filter(path -> path.toString().endsWith(".yaml"))
                                .filter(path -> !path.endsWith("kustomization.yaml"))
                                .map(path ->
                                        CHART.resolve("base").relativize(path).toString()))
                        .allMatch(path -> named.contains("  - " + path + "\n"));
            }
        }
    }
}
