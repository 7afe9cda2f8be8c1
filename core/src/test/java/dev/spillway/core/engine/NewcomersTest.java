package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Resources;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was declared a moment ago is waited for as after a start, and no longer (Region, policy and Job in one apply). */
class NewcomersTest {
    private final TestBench bench = new TestBench();

    @BeforeEach
    void longAfterTheStart() {
        bench.region("region-b", false);
        bench.stock.put("region-b", 9);
        bench.stock.put("region-a", 9);
        bench.listed();
        bench.advance(Duration.ofMinutes(1));
    }

    private void opened() {
        bench.send(new Event.BackendOpened(
                TestBench.regionOf("region-a", false).id(),
                new Capabilities(Duration.ZERO, new Resources(1_000_000, 1L << 40, 1000))));
    }

    @Test
    void aRegionIsWaitedForUntilItsConnectionAndItsNodesAreThere() {
        bench.send(new Event.RegionSeen(TestBench.regionOf("region-a", true), ""));
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.nodeOf(pod)).isNull();

        opened(); // its node comes after this
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    /** Long after everything was declared; it is not made anew by itself. */
    private void deletedNodeOfTheFirstUnit() {
        bench.region("region-a", true);
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        bench.advance(Duration.ofMinutes(1));
        bench.unanswered = effect -> effect instanceof Effect.PutNode;
        bench.send(new Event.NodeGone(new NodeName("virtual-kubelet-region-a-1")));
    }

    @Test
    void aNodeThatSomebodyDeletedIsWaitedForUntilItIsThereAgain() {
        deletedNodeOfTheFirstUnit();
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.nodeOf(pod)).isNull();

        var again = bench.effects(Effect.PutNode.class).getLast().node();
        bench.send(
                new Event.NodeSeen(new Node(again.name(), again.labels(), again.taints(), false, ResourceList.EMPTY)));
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aNodeThatDoesNotComeBackIsPassedOverAfterAWhile() {
        deletedNodeOfTheFirstUnit();
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(16));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aNodeThatDoesNotComeBackIsNotWaitedForLongerBecauseAnotherOneIsDeletedToo() {
        bench.region("region-a", true, "region-a-1", "region-a-2");
        var one = acs("region-a");
        var firstZone = new Unit(
                one.resource(),
                one.nodeSelector().with(Labels.of(Names.ZONE, "region-a-1")),
                one.podLabels(),
                one.podAnnotations(),
                one.max(),
                one.maxResources(),
                one.spot(),
                one.scaleInWeight());
        bench.send(new Event.PolicySeen(policy(firstZone, acs("region-b"))));
        bench.advance(Duration.ofMinutes(1));
        var away = new NodeName("virtual-kubelet-region-a-1");
        bench.unanswered = effect ->
                effect instanceof Effect.PutNode put && put.node().name().equals(away);
        bench.send(new Event.NodeGone(away));
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.nodeOf(pod)).isNull();

        bench.send(new Event.NodeGone(new NodeName("virtual-kubelet-region-a-2"))); // and is there again at once
        bench.advance(Duration.ofSeconds(6));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aRegionThatDoesNotOpenIsPassedOverAfterAWhile() {
        bench.send(new Event.RegionSeen(TestBench.regionOf("region-a", true), ""));
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(16));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aRegionThatANewPolicyNamesMayBeOnItsWay() {
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(pod)).isNull();

        bench.send(new Event.RegionSeen(TestBench.regionOf("region-a", true), ""));
        opened();
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aRegionThatNobodyDeclaresIsPassedOver() {
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        var early = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(16));
        assertThat(bench.nodeOf(early)).isEqualTo("virtual-kubelet-region-b-1");

        var late = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(late)).isEqualTo("virtual-kubelet-region-b-1");
    }
}
