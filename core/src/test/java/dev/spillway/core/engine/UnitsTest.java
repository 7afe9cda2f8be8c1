package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static dev.spillway.core.engine.TestBench.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Taint;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Units of real nodes, caps, counting and waiting: examples E01 to E07 and E29 to E48 of the specification, on the engine alone. */
class UnitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestBench bench = new TestBench().withTwoRegions();

    UnitsTest() {
        bench.advance(Duration.ofSeconds(20)); // caps are open, nothing is waited for because of the start
    }

    private Pod placed(Pod pod) {
        bench.create(pod);
        bench.settle();
        return bench.current(pod);
    }

    private Pod placed() {
        return placed(bench.web());
    }

    private static String where(Pod pod) {
        return String.valueOf(pod.node());
    }

    private void declare(Policy policy) {
        bench.send(new Event.PolicySeen(policy));
        bench.settle();
    }

    private static Policy waiting(WhenTryNextUnits.Rule rule, Duration timeout, Policy policy) {
        return with(policy, CountRule.DEFAULT, new WhenTryNextUnits(rule, timeout));
    }

    private static Policy counting(CountRule rule, Policy policy) {
        return with(policy, rule, WhenTryNextUnits.DEFAULT);
    }

    @Test
    void tiersFillInOrder() { // E01, E02, E04
        bench.stock.put("region-a", 9);
        bench.node("a1", "a", 1);
        bench.node("a2", "a", 1);
        bench.node("b1", "b", 1);
        bench.node("b2", "b", 1);
        declare(policy(ecs("a", null), ecs("b", null), acs("region-a")));

        assertThat(List.of(where(placed()), where(placed()))).containsExactlyInAnyOrder("a1", "a2");
        assertThat(List.of(where(placed()), where(placed()))).containsExactlyInAnyOrder("b1", "b2");
        var last = placed();
        assertThat(where(last)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(last.annotations().get(Names.DELETION_COST)).isEqualTo("1800");
    }

    @Test
    void aPodOnARealNodeCarriesItsRankAndTheUnitsLabels() {
        bench.node("b1", "b", 1);
        declare(policy(ecs("a", null), ecs("b", null, ResourceList.EMPTY, Labels.of("tier", "gold"))));

        var pod = placed();

        assertThat(pod.labels().get("tier")).isEqualTo("gold");
        assertThat(pod.annotations().toMap())
                .containsEntry(Names.DELETION_COST, "1900")
                .containsEntry(Names.POLICY, "p")
                .containsEntry(Names.UNIT, "2");
        assertThat(bench.effects(Effect.Announce.class).getLast().announcement().message())
                .isEqualTo("Assigned demo/pod-1 to b1 (ecs), unit 2 of policy p; passed over unit 1 (ecs): NoNodeFits:"
                        + " there is no real node for it");
    }

    @Test
    void strictOrderBeatsScoring() { // E06
        bench.node("a1", "a", 4);
        bench.node("b1", "b", 100);
        declare(policy(ecs("a", null), ecs("b", null)));
        for (int i = 0; i < 4; i++) {
            assertThat(where(placed())).isEqualTo("a1");
        }
    }

    @Test
    void aPodWaitsForRoomAndTakesItWhenItComes() {
        bench.node("a1", "a", 1);
        declare(policy(ecs("a", null)));
        var first = placed();
        var second = placed();
        assertThat(second.node()).isNull();
        assertThat(bench.explanation(second))
                .isEqualTo("0/1 units can take the pod now. unit 1 (ecs): NoNodeFits: none of 1 node takes the pod: 1"
                        + " Insufficient cpu (it asks for 1, the best node has 0 free).");

        bench.vanish(first);
        bench.advance(Duration.ofSeconds(1));

        assertThat(bench.nodeOf(second)).isEqualTo("a1");
    }

    @Test
    void podsInFlightToANodeNeverShareItsRoom() {
        bench.node("a1", "a", 1);
        declare(policy(ecs("a", null)));
        bench.create(bench.web());
        bench.create(bench.web()); // before the first binding is answered

        bench.settle();

        assertThat(bench.effects(Effect.Bind.class)).hasSize(1);
    }

    @Test
    void aLostBindingAnswerKeepsThePodOnItsNode() {
        bench.node("a1", "a", 1);
        bench.node("a2", "a", 1);
        declare(policy(ecs("a", null)));
        bench.onBind = bind -> {
            bench.onBind = bench::bind;
            return new WriteAnswer.Unknown("timeout");
        };
        var pod = placed();
        var other = placed();
        assertThat(pod.node()).isNull();
        assertThat(where(other)).isEqualTo("a2");

        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    @Test
    void aTaintedNodeIsNotUsed() {
        bench.node("a1", "a", 1, List.of(new Taint("node.kubernetes.io/not-ready", "", "NoSchedule")));
        bench.node("b1", "b", 1);
        declare(policy(ecs("a", null), ecs("b", null)));
        assertThat(where(placed())).isEqualTo("b1");
    }

    @Test
    void maxOfAUnit() { // E29, E30
        bench.stock.put("region-a", 9);
        bench.node("a1", "a", 10);
        declare(policy(ecs("a", 2), acs("region-a", 3)));
        for (int i = 0; i < 2; i++) {
            assertThat(where(placed())).isEqualTo("a1");
        }
        for (int i = 0; i < 3; i++) {
            assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
        }
        assertThat(placed().node()).isNull();
    }

    @Test
    void nodesOfNoUnitComeLastWithPrefer() {
        bench.node("a1", "a", 1);
        bench.node("x1", "x", 9);
        declare(policy(ecs("a", 0)));
        var pod = placed();
        assertThat(where(pod)).isEqualTo("x1");
        assertThat(pod.annotations().get(Names.DELETION_COST)).isEqualTo("-100");
    }

    @Test
    void podsOlderThanThePolicyAreRankedByTheirNode() { // Q16, E51
        bench.node("a1", "a", 9);
        bench.node("x1", "x", 9);
        var inUnit = bench.create(bench.web().on(new NodeName("a1")));
        var outside = bench.create(TestBench.copy(
                bench.web(),
                new NodeName("x1"),
                Labels.of("svc", "web"),
                Labels.of(Names.DELETION_COST, "7"),
                Pod.Phase.RUNNING,
                false));
        bench.send(new Event.PolicySeen(policy(ecs("a", null, ResourceList.EMPTY, Labels.of("tier", "gold")))));
        bench.update(bench.current(outside).in(Pod.Phase.PENDING)); // while the annotation is being written
        bench.settle();

        assertThat(bench.current(inUnit).annotations().get(Names.DELETION_COST)).isEqualTo("2000");
        assertThat(bench.current(outside).annotations().get(Names.DELETION_COST))
                .isEqualTo("-100");
        assertThat(bench.effects(Effect.Announce.class))
                .extracting(effect -> effect.pod() + " " + effect.announcement().reason())
                .containsExactly(outside.key() + " DeletionCostOverwritten");

        declare(policy("p", 2, ecs("x", null)));
        assertThat(bench.current(outside).annotations().get(Names.DELETION_COST))
                .isNotEqualTo("-100");
        assertThat(bench.effects(Effect.Announce.class)).hasSize(1); // the value replaced now was ours
    }

    @Test
    void aUnitThatCanNeverTakeThePodIsNotWaitedFor() { // E23 with E38
        bench.stock.put("region-a", 9);
        bench.node("a1", "a", 1);
        var noModel = new Unit(
                Unit.Resource.ACS,
                Labels.empty(),
                Labels.of(Names.COMPUTE_CLASS, "gpu"),
                Labels.empty(),
                5,
                ResourceList.EMPTY,
                false,
                null);
        declare(waiting(
                WhenTryNextUnits.Rule.EXCEED_MAX, WhenTryNextUnits.DEFAULT.timeout(), policy(noModel, ecs("a", null))));

        assertThat(where(placed())).isEqualTo("a1");
    }

    @Test
    void maxResourcesOfAUnit() { // E31, with pods of 1 CPU
        bench.stock.put("region-a", 9);
        bench.node("a1", "a", 10);
        declare(policy(ecs("a", null, ResourceList.of(Map.of("cpu", 2500L)), Labels.empty()), acs("region-a")));
        assertThat(where(placed())).isEqualTo("a1");
        assertThat(where(placed())).isEqualTo("a1");
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.effects(Effect.Announce.class).getLast().announcement().message())
                .contains("its cap of cpu is reached, 2 of 2500m are used and the pod asks for 1");
    }

    @Test
    void groupsAreCountedApart() { // E32, E33
        bench.node("a1", "a", 10);
        declare(counting(new CountRule(false, true, List.of("pod-template-hash")), policy(ecs("a", 2))));
        for (var hash : List.of("old", "old", "new", "new")) {
            assertThat(where(placed(bench.pod(Labels.of("svc", "web", "pod-template-hash", hash)))))
                    .isEqualTo("a1");
        }
        assertThat(placed(bench.pod(Labels.of("svc", "web", "pod-template-hash", "new")))
                        .node())
                .isNull();
        var bare = placed();
        assertThat(bare.node()).isNull();
        assertThat(bench.explanation(bare))
                .contains("policy p counts pods by the label pod-template-hash, which the pod lacks");
    }

    @Test
    void terminatingPodsCountWhereTheyAreToBeCounted() { // E34
        for (boolean ignored : List.of(true, false)) {
            var world = new TestBench().withTwoRegions();
            world.advance(Duration.ofSeconds(20));
            world.stock.put("region-a", 9);
            world.node("a1", "a", 10);
            world.send(new Event.PolicySeen(
                    counting(new CountRule(false, ignored, List.of()), policy(ecs("a", 2), acs("region-a")))));
            world.create(world.web());
            var leaving = world.create(world.web());
            world.settle();
            world.delete(leaving);
            var next = world.create(world.web());
            world.settle();
            assertThat(world.nodeOf(next)).isEqualTo(ignored ? "a1" : "virtual-kubelet-region-a-1");
        }
    }

    @Test
    void aPolicyThatForgetsEarlierPods() { // E35
        for (boolean ignored : List.of(true, false)) {
            var world = new TestBench().withTwoRegions();
            world.advance(Duration.ofSeconds(20));
            world.stock.put("region-a", 9);
            world.node("a1", "a", 10);
            for (int i = 0; i < 2; i++) {
                var pod = world.create(world.web());
                world.settle();
                world.update(TestBench.scheduledAt(world.current(pod), 50));
            }
            var base = policy(ecs("a", 2), acs("region-a"));
            world.send(new Event.PolicySeen(new Policy(
                    base.key(),
                    base.uid(),
                    1,
                    100,
                    base.selector(),
                    List.of(),
                    base.strategy(),
                    base.units(),
                    new CountRule(ignored, true, List.of()),
                    WhenTryNextUnits.DEFAULT,
                    base.preemption(),
                    "")));
            var next = world.create(world.web());
            world.settle();
            assertThat(world.nodeOf(next)).isEqualTo(ignored ? "a1" : "virtual-kubelet-region-a-1");
        }
    }

    @Test
    void onlyPodsWithTheUnitsMetadataCount() { // E36, E37
        bench.stock.put("region-a", 9);
        bench.node("a1", "a", 10);
        placed(); // by no policy
        declare(policy(ecs("a", 1, ResourceList.EMPTY, Labels.of("tier", "gold")), acs("region-a")));
        assertThat(where(placed())).isEqualTo("a1");
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void exceedMaxHoldsForEver() { // E38
        bench.stock.put("region-a", 9);
        declare(waiting(WhenTryNextUnits.Rule.EXCEED_MAX, MINUTE, policy(ecs("a", 5), acs("region-a"))));
        var pod = placed();
        bench.advance(Duration.ofHours(3));
        assertThat(bench.nodeOf(pod)).isNull();
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(pod)).contains("it waits here until there is room");

        bench.node("a1", "a", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    @Test
    void exceedMaxWithoutACapDoesNotHold() { // E39
        bench.stock.put("region-a", 9);
        declare(waiting(WhenTryNextUnits.Rule.EXCEED_MAX, MINUTE, policy(ecs("a", null), acs("region-a"))));
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void timeoutHoldsSoLongAndNoLonger() { // E40, E41
        bench.stock.put("region-a", 9);
        declare(waiting(
                WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX,
                WhenTryNextUnits.DEFAULT_TIMEOUT,
                policy(ecs("a", 10), acs("region-a"))));
        var pod = placed();
        bench.advance(Duration.ofMinutes(14));
        assertThat(bench.nodeOf(pod)).isNull();
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void theClockOfAUnitSurvivesARestart() {
        bench.stock.put("region-a", 9);
        var policy =
                waiting(WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX, MINUTE, policy(ecs("a", 10), acs("region-a")));
        declare(policy);
        var pod = placed();
        bench.advance(Duration.ofSeconds(30));

        bench.restart();
        bench.withTwoRegions();
        declare(policy);
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.advance(Duration.ofSeconds(29));
        assertThat(bench.nodeOf(pod)).isNull();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void waitsOfSeveralUnitsAddUp() {
        bench.stock.put("region-a", 9);
        declare(waiting(
                WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX,
                MINUTE,
                policy(ecs("a", 10), ecs("b", 10), acs("region-a"))));
        var pod = placed();
        bench.advance(Duration.ofSeconds(119));
        assertThat(bench.nodeOf(pod)).isNull();
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aNodeInTimeIsTaken() { // E42, E43
        bench.stock.put("region-a", 9);
        declare(waiting(WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX, MINUTE, policy(ecs("a", 10), acs("region-a"))));
        var first = placed();
        bench.advance(Duration.ofSeconds(30));
        bench.node("a1", "a", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(first)).isEqualTo("a1");

        var second = placed();
        bench.advance(Duration.ofSeconds(30));
        bench.node("a2", "a", 1, List.of(new Taint("node.kubernetes.io/not-ready", "", "NoSchedule")));
        bench.advance(Duration.ofSeconds(31));
        assertThat(bench.nodeOf(second)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void theWaitLabelHoldsAndIsNeverWritten() { // E44
        bench.stock.put("region-a", 9);
        var unit = ecs("a", null, ResourceList.EMPTY, Labels.of(Names.WAIT_LABEL, "true"));
        declare(waiting(WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX, MINUTE, policy(unit, acs("region-a"))));
        var pod = placed();
        assertThat(pod.node()).isNull();
        bench.node("a1", "a", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
        assertThat(bench.current(pod).labels().get(Names.WAIT_LABEL)).isNull();
    }

    @Test
    void nothingToWaitFor() { // E45
        bench.stock.put("region-a", 9);
        declare(waiting(WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX, MINUTE, policy(ecs("a", null), acs("region-a"))));
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void rollingUpdateWaitsForTerminatingPods() { // E46, E47
        bench.stock.put("region-a", 9);
        bench.node("a1", "a", 1);
        declare(waiting(
                WhenTryNextUnits.Rule.LACK_RESOURCE_AND_NO_TERMINATING,
                MINUTE,
                policy(ecs("a", null), acs("region-a"))));
        var old = placed();
        bench.delete(old);
        var next = placed();
        assertThat(next.node()).isNull();
        assertThat(bench.explanation(next)).contains("it waits here while 1 pod of the unit is terminating");

        bench.vanish(old);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(next)).isEqualTo("a1");
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void acsUnitsKnowNoTimeout() { // E48
        bench.stock.put("region-b", 9);
        declare(waiting(
                WhenTryNextUnits.Rule.TIMEOUT_OR_EXCEED_MAX,
                Duration.ofMinutes(10),
                policy(acs("region-a", 5), acs("region-b"))));
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aUsersDeletionCostIsOverwrittenAndSaidSo() { // E51
        bench.node("a1", "a", 1);
        declare(policy(ecs("a", null)));
        var web = bench.web();
        var pod = placed(
                TestBench.copy(web, null, web.labels(), Labels.of(Names.DELETION_COST, "7"), web.phase(), false));
        assertThat(pod.annotations().get(Names.DELETION_COST)).isEqualTo("2000");
        assertThat(bench.effects(Effect.Announce.class))
                .anyMatch(event -> event.announcement().reason().equals("DeletionCostOverwritten"));
    }

    @Test
    void editedPolicyKeepsTheRankOfPlacedPods() { // E52
        bench.node("a1", "a", 1);
        bench.node("b1", "b", 9);
        declare(policy("p", 1, ecs("a", 1), ecs("b", 9)));
        var old = placed();
        declare(policy("p", 2, ecs("b", 9), ecs("a", 1)));
        var next = placed();
        assertThat(bench.nodeOf(old)).isEqualTo("a1");
        assertThat(bench.current(old).annotations().get(Names.DELETION_COST)).isEqualTo("2000");
        assertThat(where(next)).isEqualTo("b1");
        assertThat(next.annotations().get(Names.DELETION_COST)).isEqualTo("2000");
    }

    @Test
    void preemptionBeforeTheNextUnitWaitsForItsVictims() { // E49, E50
        for (var preemption : Policy.Preemption.values()) {
            var world = new TestBench().withTwoRegions();
            world.advance(Duration.ofSeconds(20));
            world.node("a1", "a", 1);
            world.send(new Event.PolicySeen(with(
                    policy(ecs("a", null), ecs("b", null)), CountRule.DEFAULT, WhenTryNextUnits.DEFAULT, preemption)));
            var low = world.create(world.web());
            world.settle();
            world.node("b1", "b", 1);
            var high = world.create(TestBench.withPriority(world.web(), 1000));
            world.settle();
            if (preemption == Policy.Preemption.AFTER_ALL_UNITS) {
                assertThat(world.nodeOf(high)).isEqualTo("b1");
                assertThat(world.effects(Effect.Evict.class)).isEmpty();
                continue;
            }
            assertThat(world.effects(Effect.Evict.class)).hasSize(1);
            world.advance(Duration.ofSeconds(5)); // the victim is still ending in good order
            assertThat(world.nodeOf(high)).isNull();
            world.pods.remove(low.uid());
            world.send(new Event.PodGone(low.key(), low.uid()));
            world.advance(Duration.ofSeconds(1));
            assertThat(world.nodeOf(high)).isEqualTo("a1");
        }
    }

    @Test
    void nobodyOfLowerPriorityTakesTheRoomThatIsBeingMade() {
        bench.node("a1", "a", 1);
        declare(policy(ecs("a", null)));
        var low = bench.create(bench.web());
        bench.settle();
        var high = bench.create(TestBench.withPriority(bench.web(), 1000));
        bench.settle();
        assertThat(bench.effects(Effect.Nominate.class)).hasSize(1);

        bench.vanish(low);
        var newcomer = bench.create(bench.web()); // before the other one has walked again
        bench.settle();
        assertThat(bench.nodeOf(newcomer)).isNull();
        bench.advance(Duration.ofSeconds(3));

        assertThat(bench.nodeOf(high)).isEqualTo("a1");
        assertThat(bench.nodeOf(newcomer)).isNull();
        assertThat(bench.effects(Effect.Explain.class))
                .filteredOn(said -> said.uid().equals(newcomer.uid()))
                .anyMatch(said -> said.message().contains("room is being made for another pod"));
    }

    @Test
    void aPodWithoutPolicyGoesToAnyRealNode() {
        bench.node("x1", "x", 1);
        var pod = placed(bench.pod(Labels.of("app", "other")));
        assertThat(where(pod)).isEqualTo("x1");
        assertThat(pod.annotations().isEmpty()).isTrue();
    }
}
