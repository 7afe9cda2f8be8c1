package dev.spillway.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.profile.ProfileCheck;
import dev.spillway.core.profile.Selector;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    private static Unit unit(@Nullable Integer max, Map<String, Long> maxResources, Labels selector, Labels podLabels) {
        return new Unit(
                Unit.Resource.ACS,
                selector,
                podLabels,
                Labels.empty(),
                max,
                ResourceList.of(maxResources),
                false,
                null);
    }

    private static Unit plain() {
        return unit(null, Map.of(), Labels.empty(), Labels.empty());
    }

    private static Policy policy(List<Unit> units, List<String> matchLabelKeys, Duration timeout, String problem) {
        return new Policy(
                new PolicyKey("demo", "p"),
                "u-p",
                1,
                0,
                Labels.empty(),
                List.of(),
                Policy.Strategy.PREFER,
                units,
                new CountRule(false, true, matchLabelKeys),
                new Leaving(Leaving.Rule.TIMEOUT, timeout),
                Policy.Preemption.AFTER_ALL_UNITS,
                problem);
    }

    private static Policy of(Unit... units) {
        return policy(List.of(units), List.of(), Duration.ZERO, "");
    }

    @TestFactory
    Stream<DynamicTest> whatIsWrongIsNamedByField() {
        var twentyOne = Collections.nCopies(21, plain());
        return Stream.of(
                        new Case("no units", of(), "spec.units is empty"),
                        new Case(
                                "21 units",
                                policy(twentyOne, List.of(), Duration.ZERO, ""),
                                "spec.units has 21 entries",
                                "20"),
                        new Case(
                                "a cap below zero",
                                of(plain(), unit(-1, Map.of(), Labels.empty(), Labels.empty())),
                                "spec.units[1].max is -1"),
                        new Case(
                                "a resource that no pod can request",
                                of(unit(null, Map.of("gpu", 8L), Labels.empty(), Labels.empty())),
                                "spec.units[0].maxResources",
                                "'gpu'",
                                "nvidia.com/gpu"),
                        new Case(
                                "a name of a ResourceQuota",
                                of(unit(null, Map.of("requests.nvidia.com/gpu", 8L), Labels.empty(), Labels.empty())),
                                "'requests.nvidia.com/gpu', which no pod can request"),
                        new Case(
                                "a group key that is no label key",
                                policy(List.of(plain()), List.of("app", "a b"), Duration.ZERO, ""),
                                "spec.matchLabelKeys",
                                "'a b'"),
                        new Case(
                                "a timeout below zero",
                                policy(List.of(plain()), List.of(), Duration.ofSeconds(-1), ""),
                                "spec.whenTryNextUnits.timeout"),
                        new Case(
                                "a label that is none",
                                of(unit(null, Map.of(), Labels.empty(), Labels.of("a", "b c"))),
                                "spec.units[0].podLabels['a']"),
                        new Case(
                                "two regions in one unit",
                                of(unit(null, Map.of(), Labels.of(Names.REGION, "a"), Labels.of(Names.REGION_ID, "b"))),
                                "spec.units[0]",
                                "'a'",
                                "'b'"),
                        new Case(
                                "what the reader found comes first",
                                policy(List.of(), List.of(), Duration.ZERO, "spec.strategy is odd."),
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
        var annotations = Labels.of(key, value);
        var unit = new Unit(
                Unit.Resource.ECS, Labels.empty(), Labels.empty(), annotations, null, ResourceList.EMPTY, false, null);
        assertThat(PolicyCheck.problem(of(plain(), unit)))
                .contains("spec.units[1].podAnnotations has the key '" + key + "': ", whose, "take it out");

        assertThat(ProfileCheck.problem(profile(Labels.empty(), annotations)))
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
        var labels = Labels.of(key, value);
        assertThat(PolicyCheck.problem(of(unit(null, Map.of(), Labels.empty(), labels))))
                .contains("spec.units[0].podLabels has the key '" + key + "': ", whose, "take it out");

        assertThat(ProfileCheck.problem(profile(labels, Labels.empty())))
                .contains("selectors[0].effect.labels has the key '" + key + "': ", whose);
    }

    private static Profile profile(Labels labels, Labels annotations) {
        return new Profile(
                List.of(new Selector("all", null, null, new Additions(labels, annotations))), Profile.Network.UNSET);
    }

    @Test
    void aSelectorThatNoLabelCanMeetIsNamedByField() {
        assertThat(PolicyCheck.problem(of(unit(null, Map.of(), Labels.of("größe", "l"), Labels.empty()))))
                .contains("spec.units[0].nodeSelector has the key 'größe'");
        assertThat(PolicyCheck.problem(of(unit(null, Map.of(), Labels.of("pool", "größe"), Labels.empty()))))
                .contains("spec.units[0].nodeSelector['pool'] is 'größe'");
        assertThat(PolicyCheck.problem(selecting(Labels.of("größe", "l"), List.of())))
                .contains("spec.selector has the key 'größe'");
        var requirement = new LabelRequirement("size", LabelRequirement.Operator.IN, List.of("l", "größe"));
        assertThat(PolicyCheck.problem(selecting(Labels.empty(), List.of(requirement))))
                .contains("spec.matchExpressions[0].values has 'größe'");
    }

    private static Policy selecting(Labels selector, List<LabelRequirement> requirements) {
        return new Policy(
                new PolicyKey("demo", "p"),
                "u-p",
                1,
                0,
                selector,
                requirements,
                Policy.Strategy.PREFER,
                List.of(plain()),
                CountRule.DEFAULT,
                Leaving.DEFAULT,
                Policy.Preemption.AFTER_ALL_UNITS,
                "");
    }

    @Test
    void capsOfNothingAndQualifiedResourcesAreFine() {
        var unit = unit(
                0,
                Map.of("cpu", 0L, "nvidia.com/gpu", 8L, "hugepages-2Mi", 1L, "ephemeral-storage", 1L, "memory", 1L),
                Labels.empty(),
                Labels.empty());

        assertThat(PolicyCheck.problem(policy(
                        Collections.nCopies(20, unit), List.of("pod-template-hash", "a.b/c"), Duration.ZERO, "")))
                .isEmpty();
    }
}
