package dev.spillway.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.spillway.crds.policy.PolicyUnit;
import dev.spillway.crds.policy.ResourcePolicy;
import dev.spillway.crds.policy.UnitResource;
import dev.spillway.crds.region.Backend.BackendType;
import dev.spillway.crds.region.Region;
import dev.spillway.crds.region.RegionOffer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples are the two manifests of the article with real values, and regions that they can run in. */
class ExamplesTest {
    private static final String REGION = "alibabacloud.com/serverless-region-id";
    private static final String MODEL = "alibabacloud.com/gpu-model-series";
    /** Specification 3.2, driver table. */
    private static final List<String> MODELS =
            List.of("T4", "A10", "L20", "L20X", "GU8TF", "GU8TEF", "P16EN", "G49E", "G59", "G28Ti", "L20N", "L20NE");

    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @Test
    void theFirstPinsItsRegionByLabelsAlone() throws IOException {
        var objects = objects("article-1-pinned.yaml");

        assertThat(objects).hasSize(1);
        var deployment =
                deployment(objects.getFirst(), "nginx-gpu-deployment-specified-region", "nginx-gpu-specified-region");
        var labels = deployment.getSpec().getTemplate().getMetadata().getLabels();
        assertThat(labels)
                .containsOnlyKeys(
                        "alibabacloud.com/acs",
                        "alibabacloud.com/compute-class",
                        "alibabacloud.com/compute-qos",
                        MODEL,
                        REGION,
                        "app")
                .contains(
                        entry("alibabacloud.com/acs", "true"),
                        entry("alibabacloud.com/compute-class", "gpu"),
                        entry("alibabacloud.com/compute-qos", "default"),
                        entry("app", "nginx-gpu-specified-region"));
        assertThat(deployment.getSpec().getTemplate().getSpec().getSchedulerName())
                .isNull();
        assertSomeRegionSells(labels);
    }

    @Test
    void theSecondSpillsFromOneRegionToAnother() throws IOException {
        var objects = objects("article-2-spill.yaml");

        assertThat(objects).hasSize(2);
        var policy = (ResourcePolicy) objects.getFirst();
        assertThat(policy.getMetadata().getName()).isEqualTo("multi-vk-gpu-resourcepolicy");
        assertThat(policy.getMetadata().getNamespace()).isEqualTo("default");
        assertThat(policy.getSpec().selector()).containsExactly(entry("app", "nginx-gpu-resourcepolicy"));
        assertThat(policy.getSpec().units()).hasSize(2).allSatisfy(unit -> {
            String region = unit.podLabels().get(REGION);
            String model = unit.podLabels().get(MODEL);
            assertThat(unit.resource()).isEqualTo(UnitResource.ACS);
            assertThat(unit.nodeSelector())
                    .containsOnly(entry("topology.kubernetes.io/region", region), entry("type", "virtual-kubelet"));
            assertThat(unit.podLabels())
                    .containsOnly(
                            entry(REGION, region),
                            entry(MODEL, model),
                            entry("alibabacloud.com/compute-class", "gpu"),
                            entry("alibabacloud.com/compute-qos", "default"));
            assertSomeRegionSells(unit.podLabels());
        });
        assertThat(policy.getSpec().units()).extracting(PolicyUnit::podLabels).doesNotHaveDuplicates();

        var deployment =
                deployment(objects.getLast(), "nginx-gpu-deployment-resourcepolicy", "nginx-gpu-resourcepolicy");
        assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsExactly(entry("app", "nginx-gpu-resourcepolicy"));
        assertThat(deployment.getSpec().getTemplate().getSpec().getSchedulerName())
                .isEqualTo("ack-co-scheduler");
    }

    @Test
    void threeSimulatedRegionsSellOneGpuModelEach() throws IOException {
        var regions = regions();

        assertThat(regions).hasSize(3).allSatisfy(region -> {
            assertThat(region.getSpec().backend().type()).isEqualTo(BackendType.SIMULATED);
            assertThat(gpuModels(region)).hasSize(1).isSubsetOf(MODELS);
        });
        assertThat(regions).extracting(ExamplesTest::gpuModels).doesNotHaveDuplicates();
        assertThat(regions).filteredOn(region -> region.getSpec().isDefault()).hasSize(1);
        assertThat(regions.stream().flatMap(region -> region.getSpec().zones().stream()))
                .doesNotHaveDuplicates();
    }

    private Deployment deployment(HasMetadata object, String name, String app) {
        var deployment = (Deployment) object;
        assertThat(deployment.getApiVersion()).isEqualTo("apps/v1");
        assertThat(deployment.getMetadata().getName()).isEqualTo(name);
        assertThat(deployment.getMetadata().getNamespace()).isEqualTo("default");
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
        assertThat(deployment.getSpec().getSelector().getMatchLabels()).containsExactly(entry("app", app));

        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        assertThat(pod.getTolerations()).isEmpty();
        assertThat(pod.getNodeSelector()).isNullOrEmpty();
        assertThat(pod.getContainers()).hasSize(1);
        Container container = pod.getContainers().getFirst();
        assertThat(container.getName()).isEqualTo("nginx");
        assertThat(container.getImage()).isEqualTo("mirrors-ssl.aliyuncs.com/nginx:stable-alpine");
        assertThat(container.getImagePullPolicy()).isEqualTo("IfNotPresent");
        assertThat(container.getPorts())
                .extracting(port -> port.getContainerPort())
                .containsExactly(80);
        var resources = Map.of(
                "cpu", Quantity.parse("1"), "memory", Quantity.parse("1Gi"), "nvidia.com/gpu", Quantity.parse("1"));
        assertThat(container.getResources().getLimits()).isEqualTo(resources);
        assertThat(container.getResources().getRequests()).isEqualTo(resources);
        return deployment;
    }

    private void assertSomeRegionSells(Map<String, String> labels) throws IOException {
        assertThat(regions())
                .filteredOn(region -> region.getMetadata().getName().equals(labels.get(REGION)))
                .as("the region that %s name", labels)
                .singleElement()
                .satisfies(region -> assertThat(gpuModels(region)).contains(labels.get(MODEL)));
    }

    private static List<String> gpuModels(Region region) {
        return region.getSpec().offers().stream()
                .filter(offer -> offer.computeClass().equals("gpu"))
                .map(RegionOffer::gpuModel)
                .toList();
    }

    private List<Region> regions() throws IOException {
        return objects("regions.yaml").stream().map(Region.class::cast).toList();
    }

    private List<HasMetadata> objects(String file) throws IOException {
        yaml.registerKubernetesResource(ResourcePolicy.class);
        yaml.registerKubernetesResource(Region.class);
        String text = Files.readString(Path.of("..", "examples", file));
        return Arrays.stream(text.split("(?m)^---$"))
                .map(document -> yaml.<HasMetadata>unmarshal(document))
                .toList();
    }
}
