package dev.spillway.core.engine;

import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.testing.PolicyBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Units of real nodes, caps and counting: R2, R4 and R7 with examples E01 to E07, E29 to E37, E49 to E52, on the engine alone. */
class UnitsTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    UnitsTest() {
        bench.advance(Duration.ofSeconds(20)); // caps are open, nothing is waited for because of the start
    }

    private Pod placed() {
        return bench.placed(bench.web());
    }

    private static String where(Pod pod) {
        return String.valueOf(pod.node());
    }

    private void declare(PolicyBuilder policy) {
        bench.declare(policy);
        bench.settle();
    }

    @Test
    void tiersFillInOrder() { // E01, E02, E04
        bench.stock("region-a", 9);
        bench.node("a1", "a", 1);
        bench.node("a2", "a", 1);
        bench.node("b1", "b", 1);
        bench.node("b2", "b", 1);
        declare(aPolicy(ecs("a"), ecs("b"), acs("region-a")));

        assertThat(List.of(where(placed()), where(placed()))).containsExactlyInAnyOrder("a1", "a2");
        assertThat(List.of(where(placed()), where(placed()))).containsExactlyInAnyOrder("b1", "b2");
        var last = placed();
        assertThat(where(last)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(last.annotations().get(Names.DELETION_COST)).isEqualTo("1800");
    }

    @Test
    void aPodOnARealNodeCarriesItsRankAndTheUnitsLabels() {
        bench.node("b1", "b", 1);
        declare(aPolicy(ecs("a"), ecs("b").podLabels("tier", "gold")));

        var pod = placed();

        assertThat(pod.labels().get("tier")).isEqualTo("gold");
        assertThat(pod.annotations().toMap())
                .containsEntry(Names.DELETION_COST, "1900")
                .containsEntry(Names.POLICY, "p")
                .containsEntry(Names.UNIT, "2");
        assertThat(bench.writes(ClusterWrite.Announce.class)
                        .getLast()
                        .announcement()
                        .message())
                .isEqualTo("Assigned demo/pod-1 to b1 (ecs), unit 2 of policy p; passed over unit 1 (ecs): NoNodeFits:"
                        + " there is no real node for it");
    }

    @Test
    void strictOrderBeatsScoring() { // E06
        bench.node("a1", "a", 4);
        bench.node("b1", "b", 100);
        declare(aPolicy(ecs("a"), ecs("b")));
        for (int i = 0; i < 4; i++) {
            assertThat(where(placed())).isEqualTo("a1");
        }
    }

    @Test
    void aPodWaitsForRoomAndTakesItWhenItComes() {
        bench.node("a1", "a", 1);
        declare(aPolicy(ecs("a")));
        var first = placed();
        var second = placed();
        assertThat(second.node()).isNull();
        assertThat(bench.explanation(second))
                .isEqualTo("0/1 units can take the pod now. unit 1 (ecs): NoNodeFits: none of 1 node takes the pod: 1"
                        + " Insufficient cpu (it asks for 1, the best node has 0 free).");

        bench.api.vanish(first);
        bench.advance(Duration.ofSeconds(1));

        assertThat(bench.nodeOf(second)).isEqualTo("a1");
    }

    @Test
    void podsInFlightToANodeNeverShareItsRoom() {
        bench.node("a1", "a", 1);
        declare(aPolicy(ecs("a")));
        bench.create(bench.web());
        bench.create(bench.web()); // before the first binding is answered

        bench.settle();

        assertThat(bench.effects(Effect.Bind.class)).hasSize(1);
    }

    @Test
    void aLostBindingAnswerKeepsThePodOnItsNode() {
        bench.node("a1", "a", 1);
        bench.node("a2", "a", 1);
        declare(aPolicy(ecs("a")));
        bench.api.onBind = bind -> {
            bench.api.onBind = bench.api::bind;
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
        bench.node(aNode("a1").pool("a").roomFor(1).notReady());
        bench.node("b1", "b", 1);
        declare(aPolicy(ecs("a"), ecs("b")));
        assertThat(where(placed())).isEqualTo("b1");
    }

    @Test
    void maxOfAUnit() { // E29, E30
        bench.stock("region-a", 9);
        bench.node("a1", "a", 10);
        declare(aPolicy(ecs("a").max(2), acs("region-a").max(3)));
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
        declare(aPolicy(ecs("a").max(0)));
        var pod = placed();
        assertThat(where(pod)).isEqualTo("x1");
        assertThat(pod.annotations().get(Names.DELETION_COST)).isEqualTo("-100");
    }

    @Test
    void podsOlderThanThePolicyAreRankedByTheirNode() { // Q16, E51
        bench.node("a1", "a", 9);
        bench.node("x1", "x", 9);
        var inUnit = bench.create(bench.web().boundTo("a1"));
        var outside = bench.create(
                bench.web().boundTo("x1").annotation(Names.DELETION_COST, "7").running());
        bench.declare(aPolicy(ecs("a").podLabels("tier", "gold")));
        bench.update(bench.like(outside).phase(Pod.Phase.PENDING)); // while the annotation is being written
        bench.settle();

        assertThat(bench.current(inUnit).annotations().get(Names.DELETION_COST)).isEqualTo("2000");
        assertThat(bench.current(outside).annotations().get(Names.DELETION_COST))
                .isEqualTo("-100");
        assertThat(bench.writes(ClusterWrite.Announce.class))
                .extracting(effect -> effect.pod() + " " + effect.announcement().reason())
                .containsExactly(outside.key() + " DeletionCostOverwritten");

        declare(aPolicy(ecs("x")).generation(2));
        assertThat(bench.current(outside).annotations().get(Names.DELETION_COST))
                .isNotEqualTo("-100");
        assertThat(bench.writes(ClusterWrite.Announce.class)).hasSize(1); // the value replaced now was ours
    }

    @Test
    void maxResourcesOfAUnit() { // E31, with pods of 1 CPU
        bench.stock("region-a", 9);
        bench.node("a1", "a", 10);
        declare(aPolicy(ecs("a").maxResources(Map.of("cpu", 2500L)), acs("region-a")));
        assertThat(where(placed())).isEqualTo("a1");
        assertThat(where(placed())).isEqualTo("a1");
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.writes(ClusterWrite.Announce.class)
                        .getLast()
                        .announcement()
                        .message())
                .contains("its cap of cpu is reached, 2 of 2500m are used and the pod asks for 1");
    }

    @Test
    void groupsAreCountedApart() { // E32, E33
        bench.node("a1", "a", 10);
        declare(aPolicy(ecs("a").max(2)).matchLabelKeys("pod-template-hash"));
        for (var hash : List.of("old", "old", "new", "new")) {
            assertThat(where(bench.placed(bench.pod("svc", "web", "pod-template-hash", hash))))
                    .isEqualTo("a1");
        }
        assertThat(bench.placed(bench.pod("svc", "web", "pod-template-hash", "new"))
                        .node())
                .isNull();
        var bare = placed();
        assertThat(bare.node()).isNull();
        assertThat(bench.explanation(bare))
                .contains("policy p counts pods by the label pod-template-hash, which the pod lacks");
    }

    @ParameterizedTest
    @CsvSource({"true, a1", "false, virtual-kubelet-region-a-1"})
    void terminatingPodsCountWhereTheyAreToBeCounted(boolean ignored, String node) { // E34
        bench.stock("region-a", 9);
        bench.node("a1", "a", 10);
        declare(aPolicy(ecs("a").max(2), acs("region-a")).ignoreTerminatingPod(ignored));
        placed();
        bench.delete(placed());

        var next = placed();

        assertThat(where(next)).isEqualTo(node);
    }

    @ParameterizedTest
    @CsvSource({"true, a1", "false, virtual-kubelet-region-a-1"})
    void aPolicyThatForgetsEarlierPods(boolean ignored, String node) { // E35
        bench.stock("region-a", 9);
        bench.node("a1", "a", 10);
        bench.update(bench.like(placed()).scheduled(50));
        bench.update(bench.like(placed()).scheduled(50));
        declare(aPolicy(ecs("a").max(2), acs("region-a")).created(100).ignorePreviousPod(ignored));

        var next = placed();

        assertThat(where(next)).isEqualTo(node);
    }

    @Test
    void onlyPodsWithTheUnitsMetadataCount() { // E36, E37
        bench.stock("region-a", 9);
        bench.node("a1", "a", 10);
        placed(); // by no policy
        declare(aPolicy(ecs("a").max(1).podLabels("tier", "gold"), acs("region-a")));
        assertThat(where(placed())).isEqualTo("a1");
        assertThat(where(placed())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aUsersDeletionCostIsOverwrittenAndSaidSo() { // E51
        bench.node("a1", "a", 1);
        declare(aPolicy(ecs("a")));
        var pod = bench.placed(bench.web().annotation(Names.DELETION_COST, "7"));
        assertThat(pod.annotations().get(Names.DELETION_COST)).isEqualTo("2000");
        assertThat(bench.writes(ClusterWrite.Announce.class))
                .anyMatch(event -> event.announcement().reason().equals("DeletionCostOverwritten"));
    }

    @Test
    void editedPolicyKeepsTheRankOfPlacedPods() { // E52
        bench.node("a1", "a", 1);
        bench.node("b1", "b", 9);
        declare(aPolicy(ecs("a").max(1), ecs("b").max(9)));
        var old = placed();
        declare(aPolicy(ecs("b").max(9), ecs("a").max(1)).generation(2));
        var next = placed();
        assertThat(bench.nodeOf(old)).isEqualTo("a1");
        assertThat(bench.current(old).annotations().get(Names.DELETION_COST)).isEqualTo("2000");
        assertThat(where(next)).isEqualTo("b1");
        assertThat(next.annotations().get(Names.DELETION_COST)).isEqualTo("2000");
    }

    @Test
    void preemptionBeforeTheNextUnitWaitsForItsVictims() { // E50
        bench.node("a1", "a", 1);
        declare(aPolicy(ecs("a"), ecs("b")).preemption(Policy.Preemption.BEFORE_NEXT_UNIT));
        var low = placed();
        bench.node("b1", "b", 1);

        var high = bench.placed(bench.web().priority(1000));

        assertThat(bench.writes(ClusterWrite.Evict.class)).hasSize(1);
        bench.advance(Duration.ofSeconds(5)); // the victim is still ending in good order
        assertThat(bench.nodeOf(high)).isNull();
        bench.api.vanish(low);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(high)).isEqualTo("a1");
    }

    @Test
    void preemptionAfterAllUnitsEvictsNobodyWhereTheNextUnitHasRoom() { // E49
        bench.node("a1", "a", 1);
        declare(aPolicy(ecs("a"), ecs("b")).preemption(Policy.Preemption.AFTER_ALL_UNITS));
        placed();
        bench.node("b1", "b", 1);

        var high = bench.placed(bench.web().priority(1000));

        assertThat(where(high)).isEqualTo("b1");
        assertThat(bench.writes(ClusterWrite.Evict.class)).isEmpty();
    }

    @Test
    void nobodyOfLowerPriorityTakesTheRoomThatIsBeingMade() {
        bench.node("a1", "a", 1);
        declare(aPolicy(ecs("a")));
        var low = bench.create(bench.web());
        bench.settle();
        var high = bench.create(bench.web().priority(1000));
        bench.settle();
        assertThat(bench.writes(ClusterWrite.Nominate.class)).hasSize(1);

        bench.api.vanish(low);
        var newcomer = bench.create(bench.web()); // before the other one has walked again
        bench.settle();
        assertThat(bench.nodeOf(newcomer)).isNull();
        bench.advance(Duration.ofSeconds(3));

        assertThat(bench.nodeOf(high)).isEqualTo("a1");
        assertThat(bench.nodeOf(newcomer)).isNull();
        assertThat(bench.writes(ClusterWrite.Explain.class))
                .filteredOn(said -> said.uid().equals(newcomer.uid()))
                .anyMatch(said -> said.message().contains("room is being made for another pod"));
    }

    @Test
    void aPodWithoutPolicyGoesToAnyRealNode() {
        bench.node("x1", "x", 1);
        var pod = bench.placed(bench.pod("app", "other"));
        assertThat(where(pod)).isEqualTo("x1");
        assertThat(pod.annotations().isEmpty()).isTrue();
    }
}
