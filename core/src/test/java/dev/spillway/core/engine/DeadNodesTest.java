package dev.spillway.core.engine;

import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Taint;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.testing.NodeBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Kubernetes taints a node whose Lease has run out, and takes that back once the node's status says Ready; a renewed Lease does not do (R25.2). */
class DeadNodesTest { // F32
    private static final Taint UNREACHABLE = new Taint("node.kubernetes.io/unreachable", "", "NoExecute");
    private static final String NAME = "virtual-kubelet-z1";

    private final TestBench bench = new TestBench();

    DeadNodesTest() {
        bench.region(aRegion("region-a").asDefault().zones("z1"));
        bench.listed();
        bench.settle();
        bench.log.clear();
    }

    private static NodeBuilder node() {
        return aNode(NAME).labels(Labels.of("app.kubernetes.io/managed-by", "spillway", Names.REGION, "region-a"));
    }

    private int writes() {
        return bench.writes(ClusterWrite.PutNode.class).size();
    }

    @Test
    void aNodeThatIsTakenForDeadIsShownAliveUntilTheClusterBelievesIt() {
        bench.node(node().taints(UNREACHABLE));
        bench.advance(Duration.ofSeconds(1));
        bench.node(node().taints(UNREACHABLE)); // the cluster does not believe it yet
        bench.advance(Duration.ofSeconds(1));
        assertThat(writes()).isEqualTo(1);
        assertThat(bench.writes(ClusterWrite.PutNode.class).getFirst().node().maxPods())
                .isPositive();

        bench.advance(Duration.ofSeconds(11));
        assertThat(writes()).isEqualTo(2);

        bench.advance(Duration.ofMinutes(10)); // and now it does
        assertThat(writes()).isEqualTo(2);
    }

    @Test
    void othersAreLeftAlone() {
        bench.node(aNode("worker-1").taints(UNREACHABLE));
        bench.node(node().taints(new Taint("node.kubernetes.io/not-ready", "", "NoSchedule"))); // as each is born
        bench.advance(Duration.ofMinutes(10));

        assertThat(writes()).isZero();
    }

    /** One try every 2 s, and what a kubelet posts every 10 s; retries do not multiply. */
    @Test
    void aNodeThatCannotBeWrittenIsNotWrittenEverMoreOften() {
        bench.api.onWrite = write -> write instanceof ClusterWrite.PutNode
                ? new WriteAnswer.Refused(500, "a webhook is down")
                : new WriteAnswer.Done();
        bench.node(node().taints(UNREACHABLE));
        bench.advance(Duration.ofMinutes(10));

        assertThat(writes()).isBetween(300, 400);
    }
}
