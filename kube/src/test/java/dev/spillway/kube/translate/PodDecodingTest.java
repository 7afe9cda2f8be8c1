package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRequirement;
import dev.spillway.core.model.NodeRequirement.Operator;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Toleration;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodDecodingTest {
    private static final String WHOLE = """
        {"kind":"Pod","apiVersion":"v1","metadata":{
          "name":"web-1","generateName":"web-","namespace":"shop","uid":"u-1","resourceVersion":"42",
          "creationTimestamp":"2026-01-02T03:04:05Z",
          "labels":{"app":"web","alibabacloud.com/acs":"true"},
          "annotations":{"spillway.dev/region":"r1","alibabacloud.com/instance-id":"i","k8s.aliyun.com/eci-vswitch":"v",
            "controller.kubernetes.io/pod-deletion-cost":"2000","topology.kubernetes.io/zone":"z",
            "kubectl.kubernetes.io/last-applied-configuration":"{...}","controller.kubernetes.io/other":"x"},
          "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"o","controller":true,"blockOwnerDeletion":true}],
          "managedFields":[{"manager":"x","fieldsV1":{"f:spec":{"f:containers":{"k:{\\"name\\":\\"c\\"}":{".":{}}}}}}]},
         "spec":{
          "volumes":[{"name":"token","projected":{"sources":[{"serviceAccountToken":{"path":"token"}}]}}],
          "containers":[{"name":"nginx","image":"nginx:1","ports":[{"containerPort":80}],
            "resources":{"limits":{"cpu":"1","memory":"1Gi","nvidia.com/gpu":"1"},
                         "requests":{"cpu":"500m","memory":"1Gi","nvidia.com/gpu":"1"}}}],
          "restartPolicy":"Never","terminationGracePeriodSeconds":5,"priority":-7,
          "nodeSelector":{"type":"virtual-kubelet"},"schedulerName":"ack-co-scheduler","nodeName":"n-1",
          "affinity":{"podAntiAffinity":{},"nodeAffinity":{
            "preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"preference":{}}],
            "requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
              {"matchExpressions":[{"key":"zone","operator":"In","values":["a","b"]},{"key":"gone","operator":"DoesNotExist"}]},
              {"matchFields":[{"key":"metadata.name","operator":"NotIn","values":["n-9"]}]}]}}},
          "tolerations":[{"key":"k","value":"v","effect":"NoSchedule"},{"operator":"Exists"},
            {"key":"n","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],
          "schedulingGates":[]},
         "status":{"phase":"Running","conditions":[
           {"type":"PodScheduled","status":"True","lastTransitionTime":"2026-01-02T03:04:07Z"},{"type":"Ready","status":"True","lastTransitionTime":null}],
           "containerStatuses":[{"name":"nginx","ready":true,"state":{"running":{}}}]}}\
        """;

    @Test
    void keepsWhatDecisionsNeed() throws IOException {
        var pod = Decoder.pod(WHOLE);

        assertThat(pod)
                .isEqualTo(new Pod(
                        new PodKey("shop", "web-1"),
                        new PodUid("u-1"),
                        Instant.parse("2026-01-02T03:04:05Z").getEpochSecond(),
                        Instant.parse("2026-01-02T03:04:07Z").getEpochSecond(),
                        Labels.of("app", "web", "alibabacloud.com/acs", "true"),
                        Labels.of(
                                "spillway.dev/region", "r1",
                                "alibabacloud.com/instance-id", "i",
                                "k8s.aliyun.com/eci-vswitch", "v",
                                "controller.kubernetes.io/pod-deletion-cost", "2000",
                                "controller.kubernetes.io/other", "x",
                                "topology.kubernetes.io/zone", "z"),
                        new PodSpec(
                                "ack-co-scheduler",
                                ResourceList.of(new Resources(500, 1L << 30, 1)),
                                Labels.of("type", "virtual-kubelet"),
                                List.of(
                                        List.of(
                                                new NodeRequirement(false, "zone", Operator.IN, List.of("a", "b")),
                                                new NodeRequirement(false, "gone", Operator.DOES_NOT_EXIST, List.of())),
                                        List.of(new NodeRequirement(
                                                true, "metadata.name", Operator.NOT_IN, List.of("n-9")))),
                                List.of(
                                        new Toleration("k", Toleration.Operator.EQUAL, "v", "NoSchedule"),
                                        new Toleration("", Toleration.Operator.EXISTS, "", ""),
                                        new Toleration("n", Toleration.Operator.EXISTS, "", "NoExecute")),
                                List.of(new Container("nginx", "nginx:1")),
                                PodSpec.RestartPolicy.NEVER,
                                -7,
                                5,
                                NodeRules.NONE,
                                java.util.Set.of()),
                        new NodeName("n-1"),
                        Pod.Phase.RUNNING,
                        false,
                        false,
                        new Owner("apps/v1", "ReplicaSet", "web", "o"),
                        true,
                        List.of(),
                        StatusDigest.of(Json.MAPPER.readTree(WHOLE).path("status"))));
    }

    @Test
    void aBarePodGetsKubernetesDefaults() throws IOException {
        var pod = Decoder.pod("""
            {"metadata":{"namespace":"n","name":"p","uid":"u","labels":null},"spec":{"containers":[]},"status":{}}\
            """);

        assertThat(pod.isWaiting()).isTrue();
        assertThat(pod.node()).isNull();
        assertThat(pod.labels().isEmpty()).isTrue();
        assertThat(pod.spec().restartPolicy()).isEqualTo(PodSpec.RestartPolicy.ALWAYS);
        assertThat(pod.spec().graceSeconds()).isEqualTo(30);
        assertThat(pod.spec().requests()).isEqualTo(Resources.NONE);
    }

    @Test
    void seesDeletionGatesAndDaemonSets() throws IOException {
        var pod = Decoder.pod("""
            {"metadata":{"namespace":"n","name":"p","uid":"u","deletionTimestamp":"2026-01-01T00:00:00Z",
               "ownerReferences":[{"kind":"DaemonSet","controller":true}]},
             "spec":{"schedulingGates":[{"name":"wait"}]},"status":{"phase":"Failed"}}\
            """);

        assertThat(pod.deleting()).isTrue();
        assertThat(pod.gated()).isTrue();
        assertThat(pod.ownedByDaemonSet()).isTrue();
        assertThat(pod.phase()).isEqualTo(Pod.Phase.FAILED);
    }

    @Test
    void anOwnerThatDoesNotControlIsNoDaemonSetsPod() throws IOException {
        var pod = Decoder.pod("""
            {"metadata":{"namespace":"n","name":"p","uid":"u","ownerReferences":[{"kind":"DaemonSet"}]},"spec":{}}\
            """);

        assertThat(pod.ownedByDaemonSet()).isFalse();
    }

    @Test
    void namesWhatNoRegionCanRun() throws IOException {
        var pod = Decoder.pod("""
            {"metadata":{"namespace":"n","name":"p","uid":"u"},"spec":{"hostNetwork":true,"hostPID":true,"hostIPC":true,
             "volumes":[{"name":"a","emptyDir":{}},{"name":"b","hostPath":{"path":"/dev"}},
              {"name":"c","persistentVolumeClaim":{"claimName":"d"}},{"name":"e","ephemeral":{"volumeClaimTemplate":{"spec":{}}}}],
             "initContainers":[{"name":"i","securityContext":{"privileged":true}}],
             "containers":[{"name":"c","securityContext":{"privileged":false}}]}}\
            """);

        assertThat(pod.spec().regionBlockers())
                .containsExactly(
                        "ephemeral volume",
                        "hostIPC",
                        "hostNetwork",
                        "hostPID",
                        "hostPath",
                        "persistentVolumeClaim",
                        "privileged");
    }

    @Test
    void initContainersAndSidecarsAreKnownInTheirOrder() throws IOException {
        var pod = Decoder.pod("""
            {"metadata":{"namespace":"n","name":"p","uid":"u"},"spec":{"containers":[{"name":"c","image":"ci"}],
             "initContainers":[{"name":"i","image":"ii"},{"name":"s","image":"si","restartPolicy":"Always"}]}}\
            """);

        assertThat(pod.spec().containers())
                .containsExactly(
                        new Container("i", "ii", Container.Role.INIT),
                        new Container("s", "si", Container.Role.SIDECAR),
                        new Container("c", "ci", Container.Role.MAIN));
    }

    @Test
    void readinessGatesComeWithWhatOthersWroteOfThem() throws IOException {
        var pod = Decoder.pod("""
            {"metadata":{"namespace":"n","name":"p","uid":"u"},
             "spec":{"readinessGates":[{"conditionType":"lb/a"},{"conditionType":"lb/b"}]},
             "status":{"conditions":[{"type":"lb/b","status":"True"},{"type":"Ready","status":"False"}]}}\
            """);

        assertThat(pod.readinessGates())
                .containsExactly(new ReadinessGate("lb/a", ""), new ReadinessGate("lb/b", "True"));
    }

    @Test
    void anOperatorNobodyKnowsHoldsForNoNode() throws IOException {
        var pod = Decoder.pod("""
            {"metadata":{"namespace":"n","name":"p","uid":"u"},"spec":{"affinity":{"nodeAffinity":{
             "requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[
             {"key":"a","operator":"Near","values":["b"]}]}]}}}}}\
            """);

        assertThat(pod.spec().selects(new NodeName("n"), Labels.of("a", "b"))).isFalse();
    }

    /** KEP-753's rules; requests are written as cpu only. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        sum of containers            | "containers":[C1,C2]                                        | 3000
        larger init container wins   | "containers":[C1],"initContainers":[C5,C2]                  | 5000
        sidecars run to the end      | "containers":[C1],"initContainers":[S2,S5]                  | 8000
        init beside earlier sidecars | "containers":[C1],"initContainers":[S2,C5]                  | 7000
        init before the sidecar      | "containers":[C1],"initContainers":[C5,S2]                  | 5000
        overhead comes on top        | "containers":[C1],"overhead":{"cpu":"250m"}                 | 1250
        limits stand in              | "containers":[{"name":"c","resources":{"limits":{"cpu":"4"}}}] | 4000
        requests before limits       | "containers":[{"name":"c","resources":{"limits":{"cpu":"4"},"requests":{"cpu":"3"}}}] | 3000
        pod level instead of the sum | "containers":[C1,C2],"resources":{"requests":{"cpu":"7"}}   | 7000
        unreadable is too much       | "containers":[{"name":"c","resources":{"requests":{"cpu":"lots"}}}] | 9223372036854775807
        too much stays too much      | "containers":[{"name":"c","resources":{"requests":{"cpu":"9e18"}}},C1] | 9223372036854775807
        """)
    void requestsFollowKubernetes(String name, String fields, long cpuMillis) throws IOException {
        var spec = fields.replaceAll("C(\\d)", "{\"name\":\"c\",\"resources\":{\"requests\":{\"cpu\":\"$1\"}}}")
                .replaceAll(
                        "S(\\d)",
                        "{\"restartPolicy\":\"Always\",\"name\":\"s\",\"resources\":{\"requests\":{\"cpu\":\"$1\"}}}");

        var pod = Decoder.pod(
                "{\"metadata\":{\"namespace\":\"n\",\"name\":\"p\",\"uid\":\"u\"},\"spec\":{%s}}".formatted(spec));

        assertThat(pod.spec().requests().cpuMillis()).isEqualTo(cpuMillis);
    }

    @Test
    void leavesTheStreamBehindTheObject() throws IOException {
        try (var parser = Json.FACTORY.createParser("[" + WHOLE + "," + WHOLE.replace("u-1", "u-2") + ",7]")) {
            parser.nextToken();
            parser.nextToken();
            assertThat(Decoder.decode(Kind.PODS, parser).uid()).isEqualTo("u-1");
            parser.nextToken();
            assertThat(Decoder.decode(Kind.PODS, parser))
                    .extracting(Decoded::uid, Decoded::version, Decoded::namespace, Decoded::name)
                    .containsExactly("u-2", "42", "shop", "web-1");
            parser.nextToken();
            assertThat(parser.getIntValue()).isEqualTo(7);
        }
    }

    @Test
    void aTreeReadsLikeAText() throws IOException {
        assertThat(Decoder.decode(Kind.PODS, Json.MAPPER.readTree(WHOLE)).seen())
                .isEqualTo(new dev.spillway.core.step.Event.PodSeen(Decoder.pod(WHOLE)));
    }
}
