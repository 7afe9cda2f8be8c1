package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.step.Event;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Forms: the Kubernetes API reference, core/v1 and storage/v1. */
final class NodeRulesDecodingTest {
    private static NodeRules rules(String spec) throws IOException {
        return Decoder.pod("""
            {"metadata":{"namespace":"shop","name":"p","uid":"u","labels":{"app":"web"}},"spec":%s}\
            """.formatted(spec)).spec().onNodes();
    }

    @Test
    void aPlainPodHasTheSharedEmptyRules() throws IOException {
        assertThat(rules("{\"containers\":[{\"name\":\"c\"}]}")).isSameAs(NodeRules.NONE);
    }

    @Test
    void readsHostPortsOfContainersAndSidecarsOnly() throws IOException {
        var rules = rules("""
            {"containers":[{"name":"c","ports":[{"containerPort":1},{"hostPort":80}]}],
             "initContainers":[{"name":"i","ports":[{"hostPort":81}]},
               {"name":"s","ports":[{"hostPort":82,"hostIP":"10.0.0.1","protocol":"UDP"}],"restartPolicy":"Always"}]}\
            """);

        assertThat(rules.hostPorts())
                .containsExactly(
                        new NodeRules.HostPort("0.0.0.0", "TCP", 80), new NodeRules.HostPort("10.0.0.1", "UDP", 82));
    }

    @Test
    void readsPodAffinityWithItsDefaultsAndMatchLabelKeys() throws IOException {
        var company = rules("""
            {"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[
              {"topologyKey":"host","labelSelector":{},"matchLabelKeys":["app","none"]}],
              "preferredDuringSchedulingIgnoredDuringExecution":[{"weight":7,"podAffinityTerm":
                {"topologyKey":"zone","namespaceSelector":{}}}]}}}\
            """).interPodAffinity();

        var web = new LabelRequirement("app", LabelRequirement.Operator.IN, List.of("web"));
        assertThat(company.far())
                .containsExactly(new NodeRules.PodTerm(
                        "host", new LabelSelector(List.of(web)), Set.of("shop"), LabelSelector.NOTHING));
        assertThat(company.preferred())
                .containsExactly(new NodeRules.WeightedTerm(
                        -7, new NodeRules.PodTerm("zone", LabelSelector.NOTHING, Set.of(), LabelSelector.EVERYTHING)));
    }

    @Test
    void readsSpreadWithItsDefaults() throws IOException {
        var rules = rules("""
            {"topologySpreadConstraints":[{"maxSkew":2,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"}]}\
            """);

        assertThat(rules.spread())
                .containsExactly(new NodeRules.Spread(true, "zone", 2, 1, LabelSelector.NOTHING, true, false));
    }

    @Test
    void readsClaims() throws IOException {
        var rules = rules("""
            {"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"data"}},
              {"name":"scratch","ephemeral":{"volumeClaimTemplate":{}}},{"name":"e","emptyDir":{}}]}\
            """);

        assertThat(rules.claims())
                .containsExactly(new NodeRules.Claim("data", false), new NodeRules.Claim("scratch", true));
    }

    @Test
    void namesWhatIsNotEvaluated() throws IOException {
        var rules = rules("""
            {"resourceClaims":[{"name":"gpu"}],"volumes":[{"name":"d","rbd":{"image":"i"}}],
             "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
               {"matchExpressions":[{"key":"k","operator":"Near"}]}]}}}}\
            """);

        assertThat(rules.unsupported()).containsExactly("node affinity operator Near", "resourceClaims", "volume rbd");
    }

    @Test
    void readsAClaimAndAStorageClass() throws IOException {
        var claim = storage(Kind.CLAIMS, """
            {"metadata":{"namespace":"shop","name":"data","uid":"u",
              "annotations":{"pv.kubernetes.io/bind-completed":"yes"}},
             "spec":{"storageClassName":"fast","volumeName":"v","accessModes":["ReadWriteOnce"],
              "resources":{"requests":{"storage":"1Ki"}}}}\
            """);
        var storageClass = storage(Kind.STORAGE_CLASSES, """
            {"metadata":{"name":"fast"},"provisioner":"d","volumeBindingMode":"WaitForFirstConsumer"}\
            """);

        assertThat(claim)
                .isEqualTo(new StorageObject.Claim(
                        "shop",
                        "data",
                        "u",
                        "",
                        new StorageObject.Terms("fast", 1024, Set.of("ReadWriteOnce"), "Filesystem", ""),
                        LabelSelector.EVERYTHING,
                        "v",
                        true,
                        "",
                        false,
                        false));
        assertThat(storageClass).isEqualTo(new StorageObject.StorageClass("fast", "d", true, List.of()));
    }

    private static StorageObject storage(Kind kind, String json) throws IOException {
        return ((Event.StorageSeen)
                        Decoder.decode(kind, Json.MAPPER.readTree(json)).seen())
                .object();
    }
}
