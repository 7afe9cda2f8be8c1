package dev.spillway.core.policy;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.profile.ProfileCheck;
import dev.spillway.core.profile.Selector;
import dev.spillway.core.testing.UnitBuilder;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyCheckTest {
    private record Case(String name, Policy policy, List<String> says) {
        Case(String name, Policy policy, String... says) {
            this(name, policy, List.of(says));
        }
    }

    private static UnitBuilder plain() {
        return aUnit(Unit.Resource.ACS);
    }

    private static Policy of(UnitBuilder... units) {
        return aPolicy(units).selecting().build();
    }

    private static Policy of(int units, UnitBuilder unit) {
        return aPolicy(Collections.nCopies(units, unit).toArray(UnitBuilder[]::new))
                .matchLabelKeys("pod-template-hash", "a.b/c")
                .build();
    }

    @TestFactory
    Stream<DynamicTest> whatIsWrongIsNamedByField() {
        return Stream.of(
                        new Case("no units", of(), "spec.units is empty"),
                        new Case("21 units", of(21, plain()), "spec.units has 21 entries", "20"),
                        new Case("a cap below zero", of(plain(), plain().max(-1)), "spec.units[1].max is -1"),
                        new Case(
                                "a resource that no pod can request",
                                of(plain().maxResources(Map.of("gpu", 8L))),
                                "spec.units[0].maxResources",
                                "'gpu'",
                                "nvidia.com/gpu"),
                        new Case(
                                "a name of a ResourceQuota",
                                of(plain().maxResources(Map.of("requests.nvidia.com/gpu", 8L))),
                                "'requests.nvidia.com/gpu', which no pod can request"),
                        new Case(
                                "a group key that is no label key",
                                aPolicy(plain()).matchLabelKeys("app", "a b").build(),
                                "spec.matchLabelKeys",
                                "'a b'"),
                        new Case(
                                "a timeout below zero",
                                aPolicy(plain())
                                        .whenTryNextUnits(WhenTryNextUnits.Rule.TIMEOUT, Duration.ofSeconds(-1))
                                        .build(),
                                "spec.whenTryNextUnits.timeout"),
                        new Case(
                                "a label that is none",
                                of(plain().podLabels("a", "b c")),
                                "spec.units[0].podLabels['a']"),
                        new Case(
                                "two regions in one unit",
                                of(plain().nodeSelector(Names.REGION, "a").podLabels(Names.REGION_ID, "b")),
                                "spec.units[0]",
                                "'a'",
                                "'b'"),
                        new Case(
                                "what the reader found comes first",
                                aPolicy().problem("spec.strategy is odd.").build(),
                                "spec.strategy is odd."))
                .map(test -> DynamicTest.dynamicTest(
                        test.name(),
                        () -> assertThat(PolicyCheck.problem(test.policy()))
                                .contains(test.says())
                                .doesNotContain("\n")));
    }

    @ParameterizedTest
    @CsvSource({
        "controller.kubernetes.io/pod-deletion-cost, high, scaleInWeight",
        "controller.kubernetes.io/pod-deletion-cost, 7, scaleInWeight",
        "spillway.dev/unit, 2, keys of spillway.dev/ are the scheduler's own",
        "spillway.dev/waiting-since, junk, keys of spillway.dev/ are the scheduler's own",
        "alibabacloud.com/instance-id, i-1, the scheduler writes there what runs the pod",
        "topology.kubernetes.io/zone, a-1, the scheduler writes there what runs the pod",
        "topology.kubernetes.io/region, a, the scheduler writes there what runs the pod",
        "kubectl.kubernetes.io/restartedAt, now, kubectl's",
    })
    void annotationsThatOthersWriteAreRefusedWithWhoseTheyAre(String key, String value, String whose) {
        assertThat(PolicyCheck.problem(of(plain(), plain().podAnnotations(key, value))))
                .contains("spec.units[1].podAnnotations has the key '" + key + "': ", whose, "take it out");

        assertThat(ProfileCheck.problem(profile(Labels.empty(), Labels.of(key, value))))
                .contains("selectors[0].effect.annotations has the key '" + key + "': ", whose);
    }

    @ParameterizedTest
    @CsvSource({
        "spillway.dev/unit, 2, keys of spillway.dev/ are the scheduler's own",
        "topology.kubernetes.io/zone, a-1, it says where a pod runs",
        "topology.kubernetes.io/region, a, it says where a pod runs",
        "alibabacloud.com/eci, true, past every policy",
    })
    void labelsThatOthersWriteAreRefusedWithWhoseTheyAre(String key, String value, String whose) {
        assertThat(PolicyCheck.problem(of(plain().podLabels(key, value))))
                .contains("spec.units[0].podLabels has the key '" + key + "': ", whose, "take it out");

        assertThat(ProfileCheck.problem(profile(Labels.of(key, value), Labels.empty())))
                .contains("selectors[0].effect.labels has the key '" + key + "': ", whose);
    }

    private static Profile profile(Labels labels, Labels annotations) {
        return new Profile(
                List.of(new Selector("all", null, null, new Additions(labels, annotations))), Profile.Network.UNSET);
    }

    @Test
    void aSelectorThatNoLabelCanMeetIsNamedByField() {
        assertThat(PolicyCheck.problem(of(plain().nodeSelector("größe", "l"))))
                .contains("spec.units[0].nodeSelector has the key 'größe'");
        assertThat(PolicyCheck.problem(of(plain().nodeSelector("pool", "größe"))))
                .contains("spec.units[0].nodeSelector['pool'] is 'größe'");
        assertThat(PolicyCheck.problem(aPolicy(plain()).selecting("größe", "l").build()))
                .contains("spec.selector has the key 'größe'");
        var requirement = new LabelRequirement("size", LabelRequirement.Operator.IN, List.of("l", "größe"));
        assertThat(PolicyCheck.problem(aPolicy(plain()).matching(requirement).build()))
                .contains("spec.matchExpressions[0].values has 'größe'");
    }

    @Test
    void capsOfNothingAndQualifiedResourcesAreFine() {
        var unit = plain().max(0)
                .maxResources(Map.of(
                        "cpu", 0L, "nvidia.com/gpu", 8L, "hugepages-2Mi", 1L, "ephemeral-storage", 1L, "memory", 1L));

        assertThat(PolicyCheck.problem(of(20, unit))).isEmpty();
    }
}
