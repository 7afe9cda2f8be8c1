package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kubelet.pods.HomePods.Running;
import dev.spillway.regions.running.RunningPods;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BoundPodsTest {
    private static final NodeName NODE_A = new NodeName("vn-a");
    private static final NodeName NODE_B = new NodeName("vn-b");

    private final BoundPods pods = new BoundPods(region -> RunningPods.NONE);

    @BeforeEach
    void nodes() {
        seen(NODE_A, "region-a");
        seen(NODE_B, "region-b");
    }

    private void seen(NodeName node, String region) {
        var labels = Labels.of(Names.TYPE, Names.VIRTUAL_KUBELET, Names.REGION, region);
        pods.seen(new Event.NodeSeen(new Node(node, labels, List.of(), false, ResourceList.EMPTY)));
    }

    private void seen(String name, String uid, String node, String instance) throws IOException {
        pods.seen(new Event.PodSeen(Decoder.pod("""
            {"metadata": {"namespace": "ns", "name": "%s", "uid": "%s", "creationTimestamp": "2026-03-01T09:00:00Z",
                          "labels": {"topology.kubernetes.io/region": "region-a"},
                          "annotations": {"alibabacloud.com/instance-id": "%s"}},
             "spec": {"nodeName": "%s", "containers": [{"name": "main", "image": "x"}]},
             "status": {"phase": "Running"}}
            """.formatted(name, uid, instance, node))));
    }

    private List<String> on(NodeName node) {
        return pods.on(node).stream().map(it -> it.pod().name()).toList();
    }

    @Test
    void aNodeHasThePodsThatRunOnItByName() throws IOException {
        seen("b", "uid-b", "vn-a", "i-1");
        seen("a", "uid-a", "vn-a", "i-2");
        seen("c", "uid-c", "vn-b", "i-3");
        seen("without-instance", "uid-d", "vn-a", "");
        seen("a", "uid-a", "vn-a", "i-2"); // again

        assertThat(on(NODE_A)).containsExactly("a", "b");
        assertThat(on(NODE_B)).containsExactly("c");
        assertThat(on(new NodeName("none"))).isEmpty();
        assertThat(pods.find(new PodKey("ns", "c"))).map(Running::node).contains(NODE_B);
    }

    /** The limit of streams to one region counts by it, and whoever may edit a pod may edit the pod's labels. */
    @Test
    void aPodRunsInItsNodesRegionWhateverItsLabelSays() throws IOException {
        seen("b", "uid-b", "vn-b", "i-1"); // labelled with region-a

        assertThat(pods.find(new PodKey("ns", "b"))).map(Running::regionId).contains(new RegionId("region-b"));
        assertThat(pods.on(NODE_B)).extracting(Running::regionId).containsExactly(new RegionId("region-b"));

        pods.seen(new Event.NodeGone(NODE_B));
        assertThat(pods.find(new PodKey("ns", "b"))).isEmpty();
        seen(NODE_B, "region-b");
        assertThat(on(NODE_B)).containsExactly("b");
    }

    @Test
    void whatIsGoneIsOnNoNode() throws IOException {
        seen("a", "uid-1", "vn-a", "i-1");
        seen("a", "uid-2", "vn-b", "i-2"); // a later pod of that name
        assertThat(on(NODE_A)).isEmpty();
        assertThat(on(NODE_B)).containsExactly("a");

        pods.seen(new Event.PodGone(new PodKey("ns", "a"), new PodUid("uid-1")));
        assertThat(on(NODE_B)).containsExactly("a");
        pods.seen(new Event.PodGone(new PodKey("ns", "a"), new PodUid("uid-2")));
        assertThat(on(NODE_B)).isEmpty();

        seen("b", "uid-b", "vn-a", "i-1");
        pods.clear();
        assertThat(on(NODE_A)).isEmpty();
        assertThat(pods.find(new PodKey("ns", "b"))).isEmpty();
    }
}
