package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static dev.spillway.core.engine.TestBench.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of pods that seem alike, one that has to wait keeps no other one waiting that would not. */
class EqualPodsTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    private Pod created(Pod pod) {
        bench.create(pod);
        bench.settle();
        return pod;
    }

    private void settleIn() {
        bench.advance(Duration.ofSeconds(20));
    }

    @Test
    void oneThatWaitsForItsVictimKeepsNoOtherWaiting() {
        settleIn();
        bench.node("a1", "a", 1);
        bench.node("b1", "b", 1);
        bench.send(new Event.PolicySeen(with(
                policy(ecs("a", null), ecs("b", null)),
                CountRule.DEFAULT,
                WhenTryNextUnits.DEFAULT,
                Policy.Preemption.BEFORE_NEXT_UNIT)));
        created(bench.web());
        var equal = created(TestBench.withPriority(bench.web(), 1000)); // waits for its victim on a1
        assertThat(bench.nodeOf(equal)).isNull();
        var blocker = created(TestBench.withPriority(bench.web(), 1000));
        assertThat(bench.nodeOf(blocker)).isEqualTo("b1");
        var twin = created(TestBench.withPriority(bench.web(), 1000));
        bench.advance(Duration.ofSeconds(5)); // the victim on a1 ends in good order
        assertThat(bench.nodeOf(equal)).isNull();
        assertThat(bench.nodeOf(twin)).isNull();

        bench.vanish(blocker);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(twin)).isEqualTo("b1");
        assertThat(bench.nodeOf(equal)).isNull();
    }

    @Test
    void oneForWhichRoomIsKeptTakesItAlthoughAnOlderTwinMayNot() {
        settleIn();
        bench.node("a1", "a", 1);
        bench.send(new Event.PolicySeen(policy(ecs("a", null))));
        var low = created(bench.web());
        var older = TestBench.withPriority(bench.web(), 1000);
        var first = created(TestBench.withPriority(bench.web(), 1000));
        created(older);
        bench.vanish(low);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(first)).isEqualTo("a1");
        assertThat(bench.nodeOf(older)).isNull();
    }

    @Test
    void oneWhoseTimeInAUnitIsOverGoesOnThoughTheOthersWait() {
        settleIn();
        var rule = new WhenTryNextUnits(WhenTryNextUnits.Rule.TIMEOUT, Duration.ofMinutes(10));
        bench.send(new Event.PolicySeen(
                with(policy(ecs("a", null), ecs("b", null), ecs("c", null)), CountRule.DEFAULT, rule)));
        // The younger one has waited before, under another process.
        var since = bench.now.minus(Duration.ofMinutes(15));
        var fresh = created(bench.web());
        var patient = bench.web();
        patient = created(TestBench.copy(
                patient, null, patient.labels(), Labels.of(Names.WAITING_SINCE, "1=" + since), patient.phase(), false));
        bench.node("b1", "b", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(fresh)).isNull();
        assertThat(bench.nodeOf(patient)).isEqualTo("b1");
    }

    @Test
    void oneYoungerThanTheStartDoesNotWaitWithTheOlder() {
        var world = new TestBench();
        world.region("region-a", true);
        world.onList = list -> new ListAnswer.Unknown("not yet");
        var old = world.create(world.web());
        world.send(new Event.PolicySeen(policy("p", 2, ecs("a", null)))); // edited: it may have named the region before
        world.listed();
        var fresh = world.create(world.web());
        world.settle();
        world.node("a1", "a", 1);
        world.advance(Duration.ofSeconds(1));
        assertThat(world.nodeOf(old)).isNull();
        assertThat(world.nodeOf(fresh)).isEqualTo("a1");
    }

    private static LabelSelector app(String value) {
        return new LabelSelector(List.of(new LabelRequirement("app", LabelRequirement.Operator.IN, List.of(value))));
    }

    @Test
    void oneThatWantsCompanyIsBoundWhenItsCompanyComes() {
        settleIn();
        bench.node("a1", "a", 3);
        var near = new NodeRules.PodTerm(Names.HOSTNAME, app("db"), Set.of("demo"), LabelSelector.NOTHING);
        var company = new NodeRules.Company(List.of(near), List.of(), List.of());
        var rules = new NodeRules(List.of(), company, List.of(), List.of(), List.of(), true, Set.of());
        var lonely = created(TestBench.withRules(bench.pod(Labels.of("app", "cache")), rules));
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(lonely)).isNull();

        created(bench.pod(Labels.of("app", "db"))); // ours, or anybody's
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(lonely)).isEqualTo("a1");
    }

    @Test
    void oneThatSpreadsIsBoundWhenTheOtherDomainsHaveFilledUp() {
        settleIn();
        bench.node("a1", "a", 1);
        bench.node("b1", "b", 3);
        var evenly = new NodeRules.Spread(true, Names.HOSTNAME, 1, 1, app("web"), true, true);
        var rules =
                new NodeRules(List.of(), NodeRules.Company.ANY, List.of(), List.of(evenly), List.of(), true, Set.of());
        var filler = created(bench.pod(Labels.of("app", "other")));
        assertThat(bench.nodeOf(filler)).isEqualTo("b1");
        var first = bench.pod(Labels.of("app", "web"));
        bench.create(
                TestBench.copy(first, new NodeName("b1"), first.labels(), first.annotations(), first.phase(), false));
        var blocker = bench.pod(Labels.of("app", "other"));
        bench.create(TestBench.copy(
                blocker, new NodeName("a1"), blocker.labels(), blocker.annotations(), blocker.phase(), false));
        bench.settle();
        var waiting = created(TestBench.withRules(bench.pod(Labels.of("app", "web")), rules));
        assertThat(bench.nodeOf(waiting)).isNull(); // b1 would be two ahead, a1 is full

        var elsewhere = bench.pod(Labels.of("app", "web")); // another scheduler overbooks a1
        bench.create(TestBench.copy(
                elsewhere, new NodeName("a1"), elsewhere.labels(), elsewhere.annotations(), elsewhere.phase(), false));
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(waiting)).isEqualTo("b1");
    }
}
