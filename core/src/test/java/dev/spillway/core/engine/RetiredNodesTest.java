package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Resources;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of the node of a zone that is declared no more, and of the pods on it (R25.4). */
class RetiredNodesTest {
    private static final NodeName NODE = new NodeName("virtual-kubelet-z2");

    private final TestBench bench = new TestBench();
    private long generation = 1;

    RetiredNodesTest() {
        bench.region("region-a", true, "z1", "z2");
        bench.listed();
    }

    private void declare(String... zones) {
        var region = TestBench.regionOf("region-a", true, zones);
        bench.send(new Event.RegionSeen(TestBench.edited(region, ++generation, false), ""));
        bench.settle();
    }

    private Pod bound(Pod pod) {
        return bench.create(TestBench.copy(pod, NODE, pod.labels(), Labels.empty(), Pod.Phase.PENDING, false));
    }

    /** A DaemonSet's pod, which no region gets. */
    private Pod ofDaemonSet() {
        var pod = bench.pod(Labels.of("app", "agent"));
        return bound(pod.sharing(
                pod.spec(), pod.labels(), pod.annotations(), new Owner("apps/v1", "DaemonSet", "agent", "ds-1")));
    }

    /** A pod that no region can run. */
    private Pod withHostPath() {
        var pod = bench.pod(Labels.of("app", "agent"));
        return bound(pod.sharing(
                TestBench.spec("default-scheduler", Set.of("hostPath")), pod.labels(), pod.annotations(), null));
    }

    private List<NodeName> removed() {
        return bench.effects(Effect.RemoveNode.class).stream()
                .map(Effect.RemoveNode::node)
                .toList();
    }

    private List<String> warnings(Pod pod) {
        return bench.effects(Effect.Announce.class).stream()
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
        assertThat(bench.pods).isEmpty();
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
        bench.stock.put("region-a", 1);
        ofDaemonSet();
        var pod = bound(bench.pinned());
        bench.settle();
        bench.report(in(bench.instanceOf(pod), Instance.State.RUNNING, ""));
        bench.settle();

        declare("z1");
        assertThat(removed()).isEmpty();
        bench.delete(pod);
        bench.settle();

        assertThat(bench.pods).doesNotContainKey(pod.uid());
        assertThat(removed()).containsExactly(NODE);
    }

    @Test
    void aPodThatHasEndedKeepsNoNode() {
        bench.stock.put("region-a", 1);
        var pod = bound(bench.pinned());
        bench.settle();
        bench.report(in(in(bench.instanceOf(pod), Instance.State.RUNNING, ""), Instance.State.SUCCEEDED, ""));
        bench.settle();

        declare("z1");

        assertThat(removed()).containsExactly(NODE);
    }

    @Test
    void aPodDeletedOnARetiredNodeGoes() {
        bench.stock.put("region-a", 1);
        var keeper = bound(bench.pinned());
        var agent = ofDaemonSet();
        bench.settle();
        declare("z1");

        bench.delete(agent);
        bench.settle();

        assertThat(bench.pods).doesNotContainKey(agent.uid()).containsKey(keeper.uid());
        assertThat(removed()).isEmpty();
    }

    @Test
    void aRetiredNodeThatAProcessFindsAtItsStartIsTreatedLikewise() {
        var agent = ofDaemonSet();
        bench.settle();
        bench.restart();
        bench.region("region-a", true, "z1");
        bench.send(new Event.NodeSeen(new Node(
                NODE,
                Labels.of("app.kubernetes.io/managed-by", "spillway", "topology.kubernetes.io/region", "region-a"),
                List.of(),
                false,
                ResourceList.EMPTY)));
        bench.send(new Event.PodSeen(bench.current(agent)));

        bench.listed();

        assertThat(removed()).containsExactly(NODE);
    }

    @Test
    void aPodWhoseRegionIsNotDeclaredAnyMoreSaysWhyItStaysTerminating() {
        bench.stock.put("region-a", 1);
        var pod = bound(bench.pinned());
        bench.settle();
        var node = new Node(
                NODE,
                Labels.of("app.kubernetes.io/managed-by", "spillway", "topology.kubernetes.io/region", "region-a"),
                List.of(),
                false,
                ResourceList.EMPTY);
        bench.restart();
        bench.send(new Event.NodeSeen(node));
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.listed();

        bench.delete(pod);
        bench.settle();

        assertThat(bench.pods).containsKey(pod.uid());
        assertThat(warnings(pod)).contains("TerminationNotConfirmed");
        assertThat(removed()).isEmpty();
        declare("z2");
        bench.send(new Event.BackendOpened(new RegionId("region-a"), new Capabilities(Duration.ZERO, Resources.NONE)));
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.pods).doesNotContainKey(pod.uid());
    }
}
