package dev.spillway.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.ResourceList;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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
