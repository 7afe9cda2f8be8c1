package dev.spillway.core.engine;

import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of the node of a zone that is declared no more, and of the pods on it (R25.4). */
class RetiredNodesTest {
    private static final NodeName NODE = new NodeName("virtual-kubelet-z2");

    private final TestBench bench = new TestBench();
    private long generation = 1;

    RetiredNodesTest() {
        bench.region(aRegion("region-a").asDefault().zones("z1", "z2"));
        bench.listed();
    }

    private void declare(String... zones) {
        bench.declare(aRegion("region-a").asDefault().zones(zones).generation(++generation));
        bench.settle();
    }

    private Pod bound(PodBuilder pod) {
        return bench.create(pod.boundTo(NODE.value()));
    }

    /** A DaemonSet's pod, which no region gets. */
    private Pod ofDaemonSet() {
        return bound(bench.pod("app", "agent").ofDaemonSet("agent"));
    }

    /** A pod that no region can run. */
    private Pod withHostPath() {
        return bound(bench.pod("app", "agent").scheduler("default-scheduler").regionBlockers("hostPath"));
    }

    /** The node, as an earlier process has left it. */
    private void leftNode() {
        bench.node(aNode(NODE.value())
                .labels(Labels.of("app.kubernetes.io/managed-by", "spillway", Names.REGION, "region-a"))
                .allocatable(Map.of()));
    }

    private List<NodeName> removed() {
        return bench.writes(ClusterWrite.RemoveNode.class).stream()
                .map(ClusterWrite.RemoveNode::node)
                .toList();
    }

    private List<String> warnings(Pod pod) {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .filter(event ->
                        event.uid().equals(pod.uid()) && event.announcement().warning())
                .map(event -> event.announcement().reason())
                .toList();
    }

    @Test
    void podsThatNeverGetAnInstanceLeaveWithTheNode() {
        ofDaemonSet();
        withHostPath();
        bench.settle();

        declare("z1");

        assertThat(removed()).containsExactly(NODE);
        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void aPodThatWaitsForStockOfTheZoneLeavesWithTheNode() {
        bound(bench.pinned());
        bench.settle();
        assertThat(bench.asked()).hasSize(1);

        declare("z1");

        assertThat(removed()).containsExactly(NODE);
    }

    @Test
    void anInstanceKeepsTheNodeUntilItIsGone() {
        bench.stock("region-a", 1);
        ofDaemonSet();
        var pod = bound(bench.pinned());
        bench.settle();
        bench.report(pod, Instance.State.RUNNING, "");
        bench.settle();

        declare("z1");
        assertThat(removed()).isEmpty();
        bench.delete(pod);
        bench.settle();

        assertThat(bench.api.pods).doesNotContainKey(pod.uid());
        assertThat(removed()).containsExactly(NODE);
    }

    @Test
    void aPodThatHasEndedKeepsNoNode() {
        bench.stock("region-a", 1);
        var pod = bound(bench.pinned());
        bench.settle();
        bench.report(pod, Instance.State.RUNNING, "");
        bench.report(pod, Instance.State.SUCCEEDED, "");
        bench.settle();

        declare("z1");

        assertThat(removed()).containsExactly(NODE);
    }

    @Test
    void aPodDeletedOnARetiredNodeGoes() {
        bench.stock("region-a", 1);
        var keeper = bound(bench.pinned());
        var agent = ofDaemonSet();
        bench.settle();
        declare("z1");

        bench.delete(agent);
        bench.settle();

        assertThat(bench.api.pods).doesNotContainKey(agent.uid()).containsKey(keeper.uid());
        assertThat(removed()).isEmpty();
    }

    @Test
    void aRetiredNodeThatAProcessFindsAtItsStartIsTreatedLikewise() {
        var agent = ofDaemonSet();
        bench.settle();
        bench.restart();
        bench.region(aRegion("region-a").asDefault().zones("z1"));
        leftNode();
        bench.send(new Event.PodSeen(bench.current(agent)));

        bench.listed();

        assertThat(removed()).containsExactly(NODE);
    }

    @Test
    void aPodWhoseRegionIsNotDeclaredAnyMoreSaysWhyItStaysTerminating() {
        bench.stock("region-a", 1);
        var pod = bound(bench.pinned());
        bench.settle();
        bench.restart();
        leftNode();
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.listed();

        bench.delete(pod);
        bench.settle();

        assertThat(bench.api.pods).containsKey(pod.uid());
        assertThat(warnings(pod)).contains("TerminationNotConfirmed");
        assertThat(removed()).isEmpty();
        declare("z2");
        bench.open("region-a");
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.api.pods).doesNotContainKey(pod.uid());
    }
}
