package dev.spillway.core.engine;

import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Taint;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was declared a moment ago is waited for as after a start, and no longer (Region, policy and Job in one apply). */
class NewcomersTest {
    private final TestBench bench = new TestBench();

    @BeforeEach
    void longAfterTheStart() {
        bench.region(aRegion("region-b"));
        bench.stock("region-b", 9);
        bench.stock("region-a", 9);
        bench.listed();
        bench.advance(Duration.ofMinutes(1));
    }

    @Test
    void aRegionIsWaitedForUntilItsConnectionAndItsNodesAreThere() {
        bench.declare(aRegion("region-a").asDefault());
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.nodeOf(pod)).isNull();

        bench.open("region-a"); // its node comes after this
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    /** Long after everything was declared; it is not made anew by itself. */
    private void deletedNodeOfTheFirstUnit() {
        bench.region(aRegion("region-a").asDefault());
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.advance(Duration.ofMinutes(1));
        bench.unanswered = effect -> effect instanceof Effect.Write(ClusterWrite.PutNode _);
        bench.send(new Event.NodeGone(new NodeName("virtual-kubelet-region-a-1")));
    }

    @Test
    void aNodeThatSomebodyDeletedIsWaitedForUntilItIsThereAgain() {
        deletedNodeOfTheFirstUnit();
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.nodeOf(pod)).isNull();

        var again = bench.writes(ClusterWrite.PutNode.class).getLast().node();
        bench.node(aNode(again.name().value())
                .labels(again.labels())
                .taints(again.taints().toArray(Taint[]::new))
                .allocatable(Map.of()));
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
        bench.region(aRegion("region-a").asDefault().zones("region-a-1", "region-a-2"));
        var firstZone = acs("region-a").nodeSelector(Names.ZONE, "region-a-1");
        bench.declare(aPolicy(firstZone, acs("region-b")));
        bench.advance(Duration.ofMinutes(1));
        var away = new NodeName("virtual-kubelet-region-a-1");
        bench.unanswered = effect -> effect instanceof Effect.Write(ClusterWrite.PutNode put)
                && put.node().name().equals(away);
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
        bench.declare(aRegion("region-a").asDefault());
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(16));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aRegionThatANewPolicyNamesMayBeOnItsWay() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(pod)).isNull();

        bench.declare(aRegion("region-a").asDefault());
        bench.open("region-a");
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aRegionThatNobodyDeclaresIsPassedOver() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        var early = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(16));
        assertThat(bench.nodeOf(early)).isEqualTo("virtual-kubelet-region-b-1");

        var late = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(late)).isEqualTo("virtual-kubelet-region-b-1");
    }
}
