package dev.spillway.core.fit;

import static dev.spillway.core.fit.Samples.ZONE;
import static dev.spillway.core.fit.Samples.cluster;
import static dev.spillway.core.fit.Samples.fit;
import static dev.spillway.core.fit.Samples.node;
import static dev.spillway.core.fit.Samples.on;
import static dev.spillway.core.fit.Samples.pod;
import static dev.spillway.core.testing.ClaimBuilder.aClaim;
import static dev.spillway.core.testing.RulesBuilder.claims;
import static dev.spillway.core.testing.VolumeBuilder.aVolume;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.testing.ClaimBuilder;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.VolumeBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rules: kubernetes.io/docs/concepts/storage, and the volume filters of kube-scheduler 1.37. */
final class VolumesTest {
    private static final PodBuilder POD = pod("p").rules(claims("data"));

    private final RealNodes cluster = cluster(node("a", ZONE, "1"), node("b", ZONE, "2"));

    private static ClaimBuilder claim() {
        return aClaim("data").namespace("ns");
    }

    private void see(ClaimBuilder claim) {
        cluster.storageSeen(claim.build());
    }

    private void see(VolumeBuilder volume) {
        cluster.storageSeen(volume.build());
    }

    private void storageClass(String provisioner, boolean waits, List<Map<String, Set<String>>> topologies) {
        cluster.storageSeen(new StorageObject.StorageClass("fast", provisioner, waits, topologies));
    }

    private void assertNowhere(String reason) {
        assertThat(cluster.find(POD.build(), node -> true))
                .isEqualTo(new NodeSearch.Found.Nowhere(new TreeMap<>(Map.of(reason, 2)), List.of(), false, false));
    }

    @Test
    void aMissingClaimKeepsThePodWaiting() {
        assertNowhere("persistentvolumeclaim \"data\" not found");
    }

    @Test
    void anUnboundClaimOfImmediateBindingKeepsThePodWaiting() {
        storageClass("driver", false, List.of());
        see(claim());

        assertNowhere("pod has unbound immediate PersistentVolumeClaims");
    }

    @Test
    void aBoundVolumeIsReachedFromItsNodesOnly() {
        see(claim().boundTo("v"));
        assertNowhere("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");

        see(aVolume("v").inZone("2").taken());
        assertThat(fit(cluster, POD)).containsExactly("b");
    }

    @Test
    void zoneLabelsOfABoundVolumeHoldForTheNode() {
        see(claim().boundTo("v"));
        see(aVolume("v").label("failure-domain.beta.kubernetes.io/zone", "1__3").taken());
        cluster.nodeSeen(node("c").build());

        assertThat(fit(cluster, POD)).containsExactly("a", "c");
    }

    @Test
    void aClaimThatWaitsForItsConsumerFollowsAllowedTopologies() {
        storageClass("driver", true, List.of(Map.of(ZONE, Set.of("2", "3"))));
        see(claim());

        assertThat(fit(cluster, POD)).containsExactly("b");
    }

    @Test
    void withoutAProvisionerThereMustBeAFreeVolume() {
        storageClass("kubernetes.io/no-provisioner", true, List.of());
        see(claim());
        assertNowhere("node(s) didn't find available persistent volumes to bind");

        see(aVolume("v").inZone("1"));
        assertThat(fit(cluster, POD)).containsExactly("a");
    }

    @Test
    void whereAVolumeIsBeingMadeThePodGoes() {
        storageClass("driver", true, List.of());
        see(claim().selectedNode("b"));

        assertThat(fit(cluster, POD)).containsExactly("b");
    }

    @Test
    void readWriteOncePodIsForOnePodInTheWholeCluster() {
        see(claim().accessMode("ReadWriteOncePod").boundTo("v"));
        see(aVolume("v").taken());
        assertThat(fit(cluster, POD)).containsExactly("a", "b");

        cluster.podSeen(on("a", pod("other").rules(claims("data"))));
        assertThat(fit(cluster, POD)).isEmpty();
    }

    @Test
    void noMoreVolumesThanTheNodeCanAttachAndOneInUseAlreadyIsNoFurtherOne() {
        cluster.storageSeen(new StorageObject.CsiNode(new NodeName("a"), new TreeMap<>(Map.of("driver", 0))));
        see(claim().boundTo("v"));
        see(aVolume("v").taken());
        assertThat(fit(cluster, POD)).containsExactly("b");

        cluster.podSeen(on("a", pod("other").rules(claims("data"))));
        assertThat(fit(cluster, POD)).containsExactly("a", "b");
    }
}
