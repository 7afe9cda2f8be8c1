package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.Taint;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.profile.Selector;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ObjectDecodingTest {
    private static Event decode(Kind kind, String json) throws IOException {
        return Decoder.decode(kind, Json.MAPPER.readTree(json)).seen();
    }

    private static Policy policy(String spec) throws IOException {
        var json = """
            {"metadata":{"namespace":"shop","name":"spill","uid":"u-1","generation":3,"creationTimestamp":"1970-01-01T00:01:40Z"},"spec":%s}\
            """.formatted(spec);
        return ((Event.PolicySeen) decode(Kind.RESOURCE_POLICIES, json)).policy();
    }

    private static Event.RegionSeen region(String spec) throws IOException {
        var json = """
            {"metadata":{"name":"r1","generation":2,"creationTimestamp":"1970-01-01T00:01:40Z"},"spec":%s}\
            """.formatted(spec);
        return (Event.RegionSeen) decode(Kind.REGIONS, json);
    }

    @Test
    void readsAPolicy() throws IOException {
        var policy = policy("""
            {"selector":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"NotIn","values":["db"]}],
             "strategy":"required","ignoreTerminatingPod":false,"ignorePreviousPod":true,"matchLabelKeys":["pod-template-hash"],
             "preemptPolicy":"BeforeNextUnit","whenTryNextUnits":{"policy":"TimeoutOrExceedMax","timeout":"1h0.5m"},"units":[
               {"resource":"acs","nodeSelector":{"type":"virtual-kubelet"},"podLabels":{"a":"b"},
                "podAnnotations":{"c":"d"},"max":2,"spotInstance":true,"scaleInWeight":-5},
               {"resource":"ecs","maxResources":{"cpu":"8"}}]}\
            """);

        assertThat(policy)
                .isEqualTo(new Policy(
                        new PolicyKey("shop", "spill"),
                        "u-1",
                        3,
                        100,
                        Labels.of("app", "web"),
                        List.of(new LabelRequirement("tier", LabelRequirement.Operator.NOT_IN, List.of("db"))),
                        Policy.Strategy.REQUIRED,
                        List.of(
                                new Unit(
                                        Unit.Resource.ACS,
                                        Labels.of("type", "virtual-kubelet"),
                                        Labels.of("a", "b"),
                                        Labels.of("c", "d"),
                                        2,
                                        ResourceList.EMPTY,
                                        true,
                                        -5),
                                new Unit(
                                        Unit.Resource.ECS,
                                        Labels.empty(),
                                        Labels.empty(),
                                        Labels.empty(),
                                        null,
                                        ResourceList.of(Map.of("cpu", 8000L)),
                                        false,
                                        null)),
                        new CountRule(true, false, List.of("pod-template-hash")),
                        new WhenTryNextUnits(WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX, Duration.ofSeconds(3630)),
                        Policy.Preemption.BEFORE_NEXT_UNIT,
                        ""));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        nvidia.com/gpu, 1.5, 1
        nvidia.com/gpu, 0.5, 0
        alibabacloud.com/ppu, 500m, 0
        alibabacloud.com/ppu, 1e-30, 0
        nvidia.com/gpu, 2, 2
        cpu, 1500m, 1500
        cpu, 100u, 0
        memory, 1.5Ki, 1536
        """)
    void capsAreNeverRoundedUp(String resource, String cap, long amount) throws IOException {
        var policy = policy("""
            {"units":[{"resource":"eci","maxResources":{"%s":"%s"}}]}\
            """.formatted(resource, cap));

        var read = policy.units().getFirst().maxResources();
        assertThat(read.names()).containsExactly(resource); // also a cap of nothing is a cap
        assertThat(read.get(resource)).isEqualTo(amount);
    }

    @Test
    void absentFieldsOfAPolicyHaveTheCrdsDefaults() throws IOException {
        var policy = policy("""
            {"units":[{"resource":"eci"}]}\
            """);

        assertThat(policy.strategy()).isEqualTo(Policy.Strategy.PREFER);
        assertThat(policy.counting()).isEqualTo(new CountRule(false, true, List.of()));
        assertThat(policy.leaving())
                .isEqualTo(new WhenTryNextUnits(
                        WhenTryNextUnits.Rule.LACK_RESOURCE_OR_EXCEED_MAX, Duration.ofMinutes(15)));
        assertThat(policy.preemption()).isEqualTo(Policy.Preemption.AFTER_ALL_UNITS);
        assertThat(policy.selects(Labels.empty())).isTrue();
        assertThat(policy.problem()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"units":[{"resource":"gpu"}]}                          | spec.units[0].resource is "gpu": write acs, eci, ecs, idc or elastic.
        {"units":[{"resource":"acs"},{"max":1}]}                | spec.units[1].resource is missing: write acs, eci, ecs, idc or elastic.
        {"units":[{"resource":"acs","max":-1}]}                 | spec.units[0].max is -1: write a whole number from 0 to 2147483647.
        {"units":[{"resource":"acs","max":"two"}]}              | spec.units[0].max is "two": write a whole number from 0 to 2147483647.
        {"units":[{"resource":"acs","podLabels":{"a":1}}]}      | spec.units[0].podLabels[a] is 1: write a text in quotes.
        {"units":{"resource":"acs"}}                            | spec.units is {"resource":"acs"}: write a list.
        {"units":[{"resource":"ACS"}]}                          | spec.units[0].resource is "ACS": write acs, eci, ecs, idc or elastic.
        {"units":[{"resource":"acs","max":2147483648}]}         | spec.units[0].max is 2147483648: write a whole number from 0 to 2147483647.
        {"units":[{"resource":"acs","max":1.5}]}                | spec.units[0].max is 1.5: write a whole number from 0 to 2147483647.
        {"units":[{"resource":"acs","maxResources":{"cpu":"4 cores"}}]} | spec.units[0].maxResources[cpu] is "4 cores": write a quantity, such as 500m, 2 or 1Gi.
        {"units":[{"resource":"acs","maxResources":{"memory":"4GB"}}]} | spec.units[0].maxResources[memory] is "4GB": write a quantity, such as 500m, 2 or 1Gi.
        {"units":[{"resource":"acs","maxResources":{"cpu":"-1"}}]} | spec.units[0].maxResources[cpu] is "-1": write a quantity, such as 500m, 2 or 1Gi.
        {"units":[{"resource":"acs","maxResources":{"cpu":-1}}]} | spec.units[0].maxResources[cpu] is -1: write a quantity, such as 500m, 2 or 1Gi.
        {"units":[],"preemptPolicy":"AfterAllunits"}            | spec.preemptPolicy is "AfterAllunits": write AfterAllUnits or BeforeNextUnit.
        {"units":[],"whenTryNextUnits":{"policy":"exceedMax"}}  | spec.whenTryNextUnits.policy is "exceedMax": write ExceedMax, Timeout, TimeoutOrExceedMax, LackResourceOrExceedMax or LackResourceAndNoTerminating.
        {"units":[],"whenTryNextUnits":{"timeout":"-1m"}}       | spec.whenTryNextUnits.timeout is "-1m": write a duration of at least zero, such as 90s or 1h30m.
        {"units":[],"whenTryNextUnits":{"timeout":"90"}}        | spec.whenTryNextUnits.timeout is "90": write a duration of at least zero, such as 90s or 1h30m.
        {"strategy":"never","units":[]}                         | spec.strategy is "never": write prefer or required.
        {"ignoreTerminatingPod":"no","units":[]}                | spec.ignoreTerminatingPod is "no": write true or false.
        """)
    void aMalformedPolicySaysWhatToDo(String spec, String problem) throws IOException {
        assertThat(policy(spec).problem()).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"selector":["app"]}                                       | spec.selector is ["app"]: write pairs of key and text.
        {"selector":{"app":true}}                                  | spec.selector[app] is true: write a text in quotes.
        {"matchExpressions":[{"key":"a","operator":"Near"}]}       | spec.matchExpressions[0].operator is "Near": write In, NotIn, Exists or DoesNotExist.
        null                                                       | spec is missing: give the policy a spec with units.
        """)
    void aPolicyWhoseSelectorIsUnreadableHoldsNobodyBack(String spec, String problem) throws IOException {
        var policy = policy(spec);

        assertThat(policy.problem()).isEqualTo(problem);
        assertThat(policy.selects(Labels.empty())).isFalse();
        assertThat(policy.selects(Labels.of("app", "web"))).isFalse();
    }

    @Test
    void readsARegionButNoStockScript() throws IOException {
        var seen = region("""
            {"default":true,"zones":[{"id":"z-b"},{"id":"z-a"}],"lost":true,"maxPods":7,"outagePatienceSeconds":60,"allowedNamespaces":["shop"],
             "offers":[{"computeClass":"gpu","gpuModel":"L20","zones":["z-a"],"spot":true},{}],
             "backend":{"type":"Simulated","endpoint":"http://127.0.0.1:1","requestTimeoutMillis":250,
               "simulated":{"stock":[{"gpuModel":"L20","script":{}}]}}}\
            """);

        assertThat(seen.problem()).isEmpty();
        assertThat(seen.region())
                .isEqualTo(new Region(
                        new RegionId("r1"),
                        2,
                        100,
                        true,
                        List.of(new ZoneId("z-b"), new ZoneId("z-a")),
                        List.of(
                                new Region.OfferRule(List.of(new ZoneId("z-a")), "gpu", "default", "L20", true),
                                new Region.OfferRule(List.of(), "general-purpose", "default", "", false)),
                        List.of("shop"),
                        true,
                        7,
                        Duration.ofSeconds(60),
                        new Region.Backend("Simulated", "http://127.0.0.1:1", 250)));
    }

    @Test
    void absentFieldsOfARegionHaveTheCrdsDefaults() throws IOException {
        var region = region("""
            {"zones":[{"id":"z"}],"backend":{"type":"Kubernetes"}}\
            """).region();

        assertThat(region.allowedNamespaces()).containsExactly("*");
        assertThat(region.maxPods()).isEqualTo(10_000);
        assertThat(region.backend()).isEqualTo(new Region.Backend("Kubernetes", "", 10_000));
        assertThat(region.isDefault()).isFalse();
    }

    @Test
    void anEmptyListOfNamespacesAllowsNobody() throws IOException {
        var region = region("""
            {"zones":[{"id":"z"}],"allowedNamespaces":[],"backend":{"type":"Kubernetes"}}\
            """).region();

        assertThat(region.allows("default")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"zones":[],"backend":{"type":"Simulated"}}                          | spec.zones is []: name at least one zone.
        {"zones":["z"],"backend":{"type":"Simulated"}}                       | spec.zones[0].id is missing: name the zone.
        {"zones":[{"id":"z"}]}                                               | spec.backend.type is missing: name the type of backend, such as Simulated.
        {"zones":[{"id":"z"}],"maxPods":0,"backend":{"type":"Simulated"}}    | spec.maxPods is 0: write a whole number from 1 to 100000.
        {"zones":[{"id":"z"}],"outagePatienceSeconds":-1,"backend":{"type":"Simulated"}} | spec.outagePatienceSeconds is -1: write a whole number from 0 to 86400.
        {"zones":[{"id":"z"}],"lost":"yes","backend":{"type":"Simulated"}}   | spec.lost is "yes": write true or false.
        "x"                                                                  | spec is "x": give the Region a spec with zones and a backend.
        """)
    void aMalformedRegionSaysWhatToDo(String spec, String problem) throws IOException {
        assertThat(region(spec).problem()).isEqualTo(problem);
    }

    @Test
    void readsNodesAndNamespaces() throws IOException {
        assertThat(decode(Kind.NODES, """
            {"metadata":{"name":"n1","labels":{"type":"virtual-kubelet"}},"spec":{"unschedulable":true,
             "taints":[{"key":"k","value":"v","effect":"NoSchedule"},{"key":"e","effect":"NoExecute"}]},
             "status":{"allocatable":{"cpu":"3800m","memory":"1Gi","pods":"110","nvidia.com/gpu":"8"}}}\
            """))
                .isEqualTo(new Event.NodeSeen(new Node(
                        new NodeName("n1"),
                        Labels.of("type", "virtual-kubelet"),
                        List.of(new Taint("k", "v", "NoSchedule"), new Taint("e", "", "NoExecute")),
                        true,
                        ResourceList.of(
                                Map.of("cpu", 3800L, "memory", 1L << 30, "pods", 110L, "nvidia.com/gpu", 8L)))));
        assertThat(decode(Kind.NAMESPACES, """
            {"metadata":{"name":"shop","labels":{"alibabacloud.com/eci":"true"}}}\
            """))
                .isEqualTo(new Event.NamespaceSeen("shop", Labels.of("alibabacloud.com/eci", "true")));
    }

    @Test
    void aNamespaceThatIsBeingDeletedSaysSo() throws IOException {
        var deleted = "{\"metadata\":{\"name\":\"shop\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"}}";
        var terminating = "{\"metadata\":{\"name\":\"shop\"},\"status\":{\"phase\":\"Terminating\"}}";
        for (var json : List.of(deleted, terminating)) {
            assertThat(decode(Kind.NAMESPACES, json)).isEqualTo(new Event.NamespaceSeen("shop", Labels.empty(), true));
        }
    }

    private static Event.ProfileSeen profile(String... keysAndValues) throws IOException {
        var object = Json.object();
        object.putObject("metadata")
                .put("namespace", "kube-system")
                .put("name", "eci-profile")
                .put("uid", "cm-1");
        object.set("data", Json.pairs(Labels.of(keysAndValues)));
        return (Event.ProfileSeen) Decoder.decode(Kind.PROFILES, object).seen();
    }

    @Test
    void readsAProfile() throws IOException { // docs/eci-profile.md
        var seen = profile(
                "vpcId", "vpc-1",
                "vSwitchIds", "vsw-1, vsw-2,",
                "securityGroupId", "sg-1",
                "enablePrivateZone", "true",
                "enableClusterIp", "true",
                "selectors", """
                [{"name":"gold","namespaceSelector":{"matchLabels":{"tier":"gold"}},
                  "objectSelector":{"matchLabels":{"svc":"web"},
                    "matchExpressions":[{"key":"env","operator":"NotIn","values":["dev"]}]},
                  "effect":{"labels":{"a":"1"},"annotations":{"k8s.aliyun.com/eci-image-cache":"true"}}},
                 {"name":"all","effect":{"annotations":{"b":"2"}}}]\
                """);

        assertThat(seen.problem()).isEmpty();
        assertThat(seen.uid()).isEqualTo(new ProfileUid("cm-1"));
        assertThat(seen.profile())
                .isEqualTo(new Profile(
                        List.of(
                                new Selector(
                                        "gold",
                                        LabelSelector.of(Labels.of("tier", "gold"), List.of()),
                                        LabelSelector.of(
                                                Labels.of("svc", "web"),
                                                List.of(new LabelRequirement(
                                                        "env", LabelRequirement.Operator.NOT_IN, List.of("dev")))),
                                        new Additions(
                                                Labels.of("a", "1"),
                                                Labels.of("k8s.aliyun.com/eci-image-cache", "true"))),
                                new Selector("all", null, null, new Additions(Labels.empty(), Labels.of("b", "2")))),
                        new Profile.Network("vpc-1", List.of("vsw-1", "vsw-2"), "sg-1", true)));
    }

    @Test
    void aConfigMapWithoutDataIsAnEmptyProfile() throws IOException {
        assertThat(profile().profile()).isEqualTo(Profile.NONE);
        assertThat(profile("selectors", " ").problem()).isEmpty();
        var without = Json.MAPPER.readTree("{\"metadata\":{\"name\":\"eci-profile\",\"uid\":\"u\"}}");
        assertThat(ProfileReader.read(without).problem()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        selectors         | [{"name":"x",           | data.selectors is not JSON: line 1
        selectors         | [] []                   | data.selectors is not JSON: line 1
        selectors         | {"name":"x"}            | data.selectors is
        selectors         | [1]                     | selectors[0] is 1
        selectors         | [{"name":7}]            | selectors[0].name is 7
        selectors         | [{"name":"x","effect":{"labels":{"a":1}}}] | selectors[0].effect.labels[a] is 1
        selectors         | [{"name":"x","effect":"y"}] | selectors[0].effect is
        selectors         | [{"name":"x","objectSelector":{"matchLabels":[]}}] | selectors[0].objectSelector.matchLabels is []
        selectors         | [{"name":"x","objectSelector":{"matchExpressions":[{"key":"a","operator":"Is"}]}}] | operator is "Is"
        enablePrivateZone | maybe                   | data.enablePrivateZone is "maybe"
        """)
    void aMalformedProfileSaysWhatIsWrong(String key, String value, String problem) throws IOException { // E58
        assertThat(profile(key, value).problem()).contains(problem);
    }

    @Test
    void theProfileIsOneConfigMap() {
        assertThat(Kind.PROFILES.path() + "?x" + Kind.PROFILES.restriction())
                .isEqualTo("/api/v1/namespaces/kube-system/configmaps?x&fieldSelector=metadata.name%3Deci-profile");
        assertThat(Kind.PODS.restriction()).isEmpty();
    }

    @Test
    void everyKindSaysItIsGone() {
        assertThat(java.util.Arrays.stream(Kind.values())
                        .map(kind ->
                                Decoder.gone(kind, "ns", "x", "u").getClass().getSimpleName()))
                .containsExactly(
                        "ProfileGone",
                        "StorageGone",
                        "StorageGone",
                        "StorageGone",
                        "StorageGone",
                        "DisruptionBudgetGone",
                        "NamespaceGone",
                        "RegionGone",
                        "NodeGone",
                        "PolicyGone",
                        "PodGone");
    }

    @Test
    void objectsOfAListHaveNoKind() throws IOException {
        assertThat(decode(Kind.CLAIMS, "{\"metadata\":{\"namespace\":\"n\",\"name\":\"c\"},\"spec\":{}}"))
                .isInstanceOfSatisfying(
                        Event.StorageSeen.class,
                        it -> assertThat(it.object().id())
                                .isEqualTo(new StorageObject.Id(StorageObject.Kind.CLAIM, "n", "c")));
        assertThat(decode(Kind.STORAGE_CLASSES, "{\"metadata\":{\"name\":\"s\"},\"provisioner\":\"p\"}"))
                .isEqualTo(new Event.StorageSeen(new StorageObject.StorageClass("s", "p", false, List.of())));
    }
}
