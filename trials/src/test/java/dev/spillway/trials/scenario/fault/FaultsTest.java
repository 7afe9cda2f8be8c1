package dev.spillway.trials.scenario.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.step.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FaultsTest {
    private static Unit unit(String pool, int max) {
        return new Unit(
                Unit.Resource.ECS,
                Labels.of("pool", pool),
                Labels.empty(),
                Labels.empty(),
                max,
                ResourceList.EMPTY,
                false,
                null);
    }

    private static Policy policy(Unit... units) {
        return new Policy(
                new PolicyKey("demo", "p"),
                "uid",
                1,
                0,
                Labels.empty(),
                List.of(),
                Policy.Strategy.PREFER,
                List.of(units),
                CountRule.DEFAULT,
                WhenTryNextUnits.DEFAULT,
                Policy.Preemption.AFTER_ALL_UNITS,
                "");
    }

    /** What an engine is told under a fault. */
    private static List<Event> told(String fault, Event event) {
        var told = new ArrayList<Event>();
        turns(fault, told).on(event, Instant.EPOCH);
        return told;
    }

    @Test
    void namesAreUniqueAndCanBeWrittenInAFile() {
        assertThat(Faults.ALL).hasSizeGreaterThanOrEqualTo(25);
        assertThat(Faults.ALL.stream().map(Fault::name))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
        assertThat(Faults.ALL.stream().map(Fault::says)).doesNotHaveDuplicates().noneMatch(String::isBlank);
    }

    @Test
    void eachControllerHasItsOwn() {
        for (Fault fault : Faults.ALL) {
            assertThat(fault.plant().get())
                    .as(fault.name())
                    .isNotSameAs(fault.plant().get());
        }
    }

    @Test
    void aFaultOfAPolicyReachesTheEngineAndChangesNothingElse() {
        var a = unit("a", 2);
        var b = unit("b", 3);

        assertThat(told("units-reversed", new Event.PolicySeen(policy(a, b))))
                .containsExactly(new Event.PolicySeen(policy(b, a)));
        assertThat(told("max-one-more", new Event.PolicySeen(policy(a))))
                .containsExactly(new Event.PolicySeen(policy(unit("a", 3))));
        assertThat(told("units-reversed", new Event.ClusterListed())).containsExactly(new Event.ClusterListed());
    }

    @Test
    void aPolicyOfOneNamespaceIsHandedOnForEach() {
        var told = new ArrayList<Event>();
        var turns = turns("policies-of-other-namespaces", told);

        turns.on(new Event.NamespaceSeen("demo", Labels.empty()), Instant.EPOCH);
        turns.on(new Event.NamespaceSeen("other", Labels.empty()), Instant.EPOCH);
        turns.on(new Event.PolicySeen(policy(unit("a", 1))), Instant.EPOCH);

        assertThat(namespacesOfPolicies(told)).containsExactly("demo", "other");
    }

    @Test
    void whatIsGoneFromTheClusterIsForgotten() {
        var told = new ArrayList<Event>();
        var turns = turns("policies-of-other-namespaces", told);

        turns.on(new Event.NamespaceSeen("demo", Labels.empty()), Instant.EPOCH);
        turns.on(new Event.NamespaceSeen("other", Labels.empty()), Instant.EPOCH);
        turns.on(new Event.NamespaceGone("other"), Instant.EPOCH);
        turns.on(new Event.PolicySeen(policy(unit("a", 1))), Instant.EPOCH);

        assertThat(namespacesOfPolicies(told)).containsExactly("demo");
    }

    private static Seams.Turns turns(String fault, List<Event> told) {
        return Faults.named(fault).orElseThrow().plant().get().around((fact, now) -> {
            told.add(fact);
            return List.of();
        });
    }

    private static List<String> namespacesOfPolicies(List<Event> told) {
        return told.stream()
                .filter(event -> event instanceof Event.PolicySeen)
                .map(event -> ((Event.PolicySeen) event).policy().key().namespace())
                .toList();
    }
}
