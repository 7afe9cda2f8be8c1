package dev.spillway.app.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import dev.spillway.clusterregion.settings.RegistryRule;
import dev.spillway.core.region.Region;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ClusterSettingsTest {
    @Test
    void whatARegionSaysIsRead() {
        var read = ClusterSettings.read("""
                {"secretName":"hangzhou","namespacePrefix":"team-","zoneLabel":"topology.kubernetes.io/zone","acs":true,"homeApiServer":"10.0.0.1:6443",
                 "gpuModels":[{"model":"L20","nodeLabels":{"nvidia.com/gpu.product":"NVIDIA-L20"}},{"model":"H20"}],
                 "registries":[{"from":"docker.io/","to":"mirror.example/"}],
                 "runtimeClasses":[{"from":"gvisor","to":"runsc"}],"inlineCsiDrivers":["secrets-store.csi.k8s.io"]}""");

        assertThat(read.secretName()).isEqualTo("hangzhou");
        assertThat(read.settings())
                .isEqualTo(new ClusterRegionSettings(
                        "team-",
                        List.of(new RegistryRule("docker.io/", "mirror.example/")),
                        Map.of("L20", Map.of("nvidia.com/gpu.product", "NVIDIA-L20"), "H20", Map.of()),
                        "topology.kubernetes.io/zone",
                        Map.of("gvisor", "runsc"),
                        Set.of("secrets-store.csi.k8s.io"),
                        true,
                        "10.0.0.1:6443",
                        ClusterRegionSettings.DEFAULT.zoneCapacity()));
    }

    @Test
    void theSecretsNameIsEnough() {
        assertThat(ClusterSettings.read("{\"secretName\":\"b\"}").settings()).isEqualTo(ClusterRegionSettings.DEFAULT);
    }

    @Test
    void whatCannotBeIsSaidInOneSentence() {
        assertThatThrownBy(() -> ClusterSettings.read("")).hasMessageContaining("spec.backend.kubernetes is missing");
        assertThatThrownBy(() -> ClusterSettings.read("{}")).hasMessageContaining("kubernetes.secretName");
        assertThatThrownBy(() -> ClusterSettings.read("{\"secretName\":\"b\",\"namespacePrefix\":\"Team_\"}"))
                .hasMessageContaining("namespacePrefix is 'Team_'");
        assertThatThrownBy(() -> ClusterSettings.read("{\"secretName\":\"b\",\"homeApiServer\":\"https://a:1\"}"))
                .hasMessageContaining("homeApiServer is 'https://a:1'");
        assertThat(ServedBackends.ALL.problem(new Region.Backend("Kubernetes", "", 1000)))
                .contains("secretName");
    }
}
