package dev.spillway.core.fit;

import static dev.spillway.core.fit.Samples.ZONE;
import static dev.spillway.core.fit.Samples.claims;
import static dev.spillway.core.fit.Samples.cluster;
import static dev.spillway.core.fit.Samples.fit;
import static dev.spillway.core.fit.Samples.node;
import static dev.spillway.core.fit.Samples.on;
import static dev.spillway.core.fit.Samples.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRequirement;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.StorageObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rules: kubernetes.io/docs/concepts/storage, and the volume filters of kube-scheduler 1.37. */
final class VolumesTest {
    private static final Pod POD = pod("p", Labels.empty(), claims("data"));

    private final RealNodes cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"));

    private static StorageObject.Terms terms(String mode) {
        return new StorageObject.Terms("fast", 10, Set.of(mode), "Filesystem", "");
    }

    private static StorageObject.Claim claim(String volume, String mode, String selectedNode) {
        return new StorageObject.Claim(
                "ns",
                "data",
                "uid",
                "",
                terms(mode),
                LabelSelector.EVERYTHING,
                volume,
                !volume.isEmpty(),
                selectedNode,
                false,
                false);
    }

    private static StorageObject.Volume volume(String name, Labels labels, @Nullable String zone, boolean available) {
        List<List<NodeRequirement>> nodes = zone == null
                ? null
                : List.of(List.of(new NodeRequirement(false, ZONE, NodeRequirement.Operator.IN, List.of(zone))));
        return new StorageObject.Volume(
                name,
                labels,
                terms("ReadWriteOnce"),
                nodes,
                StorageObject.ClaimRef.NONE,
                available,
                false,
                "driver",
                "handle-" + name);
    }

    private void storageClass(String provisioner, boolean waits, List<Map<String, Set<String>>> topologies) {
        cluster.storageSeen(new StorageObject.StorageClass("fast", provisioner, waits, topologies));
    }

    private void assertNowhere(String reason) {
        assertThat(cluster.find(POD, node -> true))
                .isEqualTo(new NodeSearch.Found.Nowhere(new TreeMap<>(Map.of(reason, 2)), List.of(), false, false));
    }

    @Test
    void aMissingClaimKeepsThePodWaiting() {
        assertNowhere("persistentvolumeclaim \"data\" not found");
    }

    @Test
    void anUnboundClaimOfImmediateBindingKeepsThePodWaiting() {
        storageClass("driver", false, List.of());
        cluster.storageSeen(claim("", "ReadWriteOnce", ""));

        assertNowhere("pod has unbound immediate PersistentVolumeClaims");
    }

    @Test
    void aBoundVolumeIsReachedFromItsNodesOnly() {
        cluster.storageSeen(claim("v", "ReadWriteOnce", ""));
        assertNowhere("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");

        cluster.storageSeen(volume("v", Labels.empty(), "2", false));
        assertThat(fit(cluster, POD)).containsExactly("b");
    }

    @Test
    void zoneLabelsOfABoundVolumeHoldForTheNode() {
        cluster.storageSeen(claim("v", "ReadWriteOnce", ""));
        cluster.storageSeen(volume("v", Labels.of("failure-domain.beta.kubernetes.io/zone", "1__3"), null, false));
        cluster.nodeSeen(node("c"));

        assertThat(fit(cluster, POD)).containsExactly("a", "c");
    }

    @Test
    void aClaimThatWaitsForItsConsumerFollowsAllowedTopologies() {
        storageClass("driver", true, List.of(Map.of(ZONE, Set.of("2", "3"))));
        cluster.storageSeen(claim("", "ReadWriteOnce", ""));

        assertThat(fit(cluster, POD)).containsExactly("b");
    }

    @Test
    void withoutAProvisionerThereMustBeAFreeVolume() {
        storageClass("kubernetes.io/no-provisioner", true, List.of());
        cluster.storageSeen(claim("", "ReadWriteOnce", ""));
        assertNowhere("node(s) didn't find available persistent volumes to bind");

        cluster.storageSeen(volume("v", Labels.empty(), "1", true));
        assertThat(fit(cluster, POD)).containsExactly("a");
    }

    @Test
    void whereAVolumeIsBeingMadeThePodGoes() {
        storageClass("driver", true, List.of());
        cluster.storageSeen(claim("", "ReadWriteOnce", "b"));

        assertThat(fit(cluster, POD)).containsExactly("b");
    }

    @Test
    void readWriteOncePodIsForOnePodInTheWholeCluster() {
        cluster.storageSeen(claim("v", "ReadWriteOncePod", ""));
        cluster.storageSeen(volume("v", Labels.empty(), null, false));
        assertThat(fit(cluster, POD)).containsExactly("a", "b");

        cluster.podSeen(on("a", pod("other", Labels.empty(), claims("data"))));
        assertThat(fit(cluster, POD)).isEmpty();
    }

    @Test
    void noMoreVolumesThanTheNodeCanAttachAndOneInUseAlreadyIsNoFurtherOne() {
        cluster.storageSeen(new StorageObject.CsiNode(new NodeName("a"), new TreeMap<>(Map.of("driver", 0))));
        cluster.storageSeen(claim("v", "ReadWriteOnce", ""));
        cluster.storageSeen(volume("v", Labels.empty(), null, false));
        assertThat(fit(cluster, POD)).containsExactly("b");

        cluster.podSeen(on("a", pod("other", Labels.empty(), claims("data"))));
        assertThat(fit(cluster, POD)).containsExactly("a", "b");
    }
}
