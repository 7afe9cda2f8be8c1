package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.aUnit;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Where pods go: examples E08 to E18 of the specification, and the rules of authority, on the engine alone. */
class PlacementTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    @Test
    void preferredRegionGetsThePodWithItsLabels() { // E08
        bench.stock("region-a", 5);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));

        var pod = bench.placed(bench.web());

        assertThat(pod.node()).isEqualTo(new NodeName("virtual-kubelet-region-a-1"));
        assertThat(pod.labels().toMap())
                .containsEntry(Names.REGION_ID, "region-a")
                .containsEntry(Names.COMPUTE_CLASS, "gpu")
                .containsEntry(Names.COMPUTE_QOS, "default")
                .containsEntry(Names.GPU_MODEL, "m1")
                .containsEntry("svc", "web");
        assertThat(pod.annotations().get(Names.INSTANCE_ID)).isEqualTo("i-1");
        assertThat(pod.annotations().get(Names.DELETION_COST)).isEqualTo("2000");
    }

    @Test
    void soldOutRegionIsPassedOverWithoutAWrite() { // E09
        bench.stock("region-b", 5);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.settle();
        bench.log.clear();

        var pod = bench.placed(bench.web());

        assertThat(pod.node()).isEqualTo(new NodeName("virtual-kubelet-region-b-1"));
        assertThat(pod.labels().get(Names.REGION_ID)).isEqualTo("region-b");
        assertThat(pod.annotations().get(Names.DELETION_COST)).isEqualTo("1900");
        var untilBind = bench.log.subList(
                0, bench.log.indexOf(bench.effects(Effect.Bind.class).getFirst()));
        assertThat(untilBind).noneMatch(effect -> effect instanceof Effect.Write);
    }

    @Test
    void theEventOfAPlacementSaysWhyEarlierUnitsWerePassedOver() {
        bench.stock("region-b", 5);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));

        bench.placed(bench.web());

        assertThat(bench.writes(ClusterWrite.Announce.class)
                        .getLast()
                        .announcement()
                        .message())
                .startsWith("Assigned demo/pod-1 to virtual-kubelet-region-b-1 (acs region-b gpu/default/m1), unit 2 of"
                        + " policy p; passed over unit 1 (acs region-a gpu/default/m1): SoldOut: gpu/default/m1 is"
                        + " sold out in zone region-a-1");
    }

    @Test
    void replicasSplitByStock() { // E10
        bench.stock("region-a", 2);
        bench.stock("region-b", 9);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));

        var nodes = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            nodes.add(String.valueOf(bench.placed(bench.web()).node()));
        }

        assertThat(nodes).filteredOn(node -> node.contains("region-a")).hasSize(2);
        assertThat(nodes).filteredOn(node -> node.contains("region-b")).hasSize(3);
    }

    @Test
    void theOldestWaitingPodIsTheOneCreatedFirstWhateverItsPriority() {
        bench.declare(aPolicy(acs("region-a")));
        assertThat(bench.oldestWaiting()).isNull();

        bench.placed(bench.web().created(700).priority(0));
        bench.placed(bench.web().created(600).priority(-5));
        bench.placed(bench.web().created(800).priority(9));

        assertThat(bench.oldestWaiting()).isEqualTo(Instant.ofEpochSecond(600));
        bench.stock("region-a", 3);
        bench.advance(Duration.ofMinutes(4));
        assertThat(bench.oldestWaiting()).isNull();
    }

    @Test
    void aRegionDeclaredAnewIsAskedAtOnce() {
        bench.stock("region-b", 5);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        var before = bench.placed(bench.web());

        bench.send(new Event.RegionGone(new RegionId("region-a")));
        bench.settle();
        bench.stock("region-a", 1);
        bench.region(aRegion("region-a").asDefault());
        bench.settle();
        var after = bench.placed(bench.web());

        assertThat(before.node()).isEqualTo(new NodeName("virtual-kubelet-region-b-1"));
        assertThat(after.node()).isEqualTo(new NodeName("virtual-kubelet-region-a-1"));
    }

    @Test
    void nobodyHasStockThenOneHas() { // E11
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        var pod = bench.placed(bench.web());
        assertThat(pod.node()).isNull();
        assertThat(bench.explanation(pod))
                .contains("unit 1 (acs region-a gpu/default/m1)", "unit 2 (acs region-b gpu/default/m1)", "sold out");

        bench.stock("region-b", 1);
        bench.advance(Duration.ofMinutes(4));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void pinnedPodGoesToItsRegion() { // E13
        bench.stock("region-a", 1);
        bench.stock("region-b", 1);
        var pod = bench.placed(bench.pinned(Names.REGION_ID, "region-b"));
        assertThat(pod.node()).isEqualTo(new NodeName("virtual-kubelet-region-b-1"));
        assertThat(pod.annotations().get(Names.DELETION_COST)).isNull();
    }

    @Test
    void pinDoesNotFailOver() { // E14
        bench.stock("region-a", 9);
        var pod = bench.placed(bench.pinned(Names.REGION_ID, "region-b"));
        bench.advance(Duration.ofMinutes(10));
        assertThat(bench.nodeOf(pod)).isNull();
        assertThat(bench.asked()).doesNotContain("region-a");
        assertThat(bench.explanation(pod)).contains("gpu/default/m1 is sold out in zone region-b-1");
    }

    @Test
    void pinWithoutRegionGoesToTheDefault() { // E15
        bench.stock("region-a", 1);
        assertThat(bench.placed(bench.pinned()).node()).isEqualTo(new NodeName("virtual-kubelet-region-a-1"));
    }

    @Test
    void podWithoutPolicyOrLabelNeverReachesARegion() { // E17
        bench.stock("region-a", 9);
        var pod = bench.placed(bench.pod("app", "x"));
        bench.advance(Duration.ofMinutes(10));
        assertThat(bench.nodeOf(pod)).isNull();
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(pod))
                .contains("NotSelected: namespace demo has no ResourcePolicy, so only real nodes are tried")
                .contains("there is no real node for it");

        bench.declare(aPolicy(acs("region-a")));
        bench.declare(aPolicy(acs("region-a")).named("q"));
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(pod))
                .contains("NotSelected: no ResourcePolicy of namespace demo selects the pod (there are p, q), so");
    }

    @Test
    void threeUnitsAreHonouredInOrder() { // E18
        bench.region(aRegion("region-c"));
        bench.settle();
        bench.declare(aPolicy(acs("region-c"), acs("region-b"), acs("region-a")));
        bench.stock("region-a", 1);
        assertThat(bench.placed(bench.web()).node()).isEqualTo(new NodeName("virtual-kubelet-region-a-1"));
        assertThat(bench.asked()).containsExactly("region-c", "region-b", "region-a");
    }

    @Test
    void implicitLabelsOfAnAcsUnit() { // E20
        bench.stock("region-a", 1);
        bench.declare(aPolicy(aUnit(Unit.Resource.ACS)));
        var pod = bench.placed(bench.web().withoutGpu());
        assertThat(pod.labels().toMap())
                .containsEntry(Names.COMPUTE_CLASS, "general-purpose")
                .containsEntry(Names.COMPUTE_QOS, "default");
    }

    @Test
    void gpuWithoutModelIsNotAskedFor() { // E23
        var pod = bench.placed(bench.pod(Names.ACS, "true", Names.COMPUTE_CLASS, "gpu"));
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(pod)).contains("alibabacloud.com/gpu-model-series");
    }

    @Test
    void eciLabelSilencesThePolicy() { // E28
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-b")));
        var pod = bench.placed(bench.pod("svc", "web", Names.ECI, "true").withoutGpu());
        assertThat(pod.node()).isEqualTo(new NodeName("virtual-kubelet-region-a-1"));
    }

    @Test
    void otherSchedulersPodIsNoneOfOurs() { // E27
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        var other = bench.placed(bench.web().scheduler("default-scheduler"));
        assertThat(other.node()).isNull();
        assertThat(bench.asked()).isEmpty();
    }

    @Test
    void aDaemonSetsPodInANamespaceOfRegionsIsLeftToItsNode() {
        bench.stock("region-a", 1);
        bench.send(new Event.NamespaceSeen("demo", Labels.of(Names.ECI, "true")));

        bench.placed(bench.web().scheduler("default-scheduler").ofDaemonSet("agent"));
        bench.advance(Duration.ofMinutes(10));

        assertThat(bench.asked()).isEmpty();
        assertThat(bench.writes(ClusterWrite.Announce.class)).isEmpty();
    }

    @Test
    void capIsNeverExceeded() { // E29 with region units
        bench.stock("region-a", 10);
        bench.stock("region-b", 10);
        bench.advance(Duration.ofSeconds(6));
        bench.declare(aPolicy(acs("region-a").max(2), acs("region-b")));
        for (int i = 0; i < 5; i++) {
            bench.create(bench.web());
        }
        bench.settle();
        var nodes = bench.api.pods.values().stream()
                .map(pod -> String.valueOf(pod.node()))
                .toList();
        assertThat(nodes).filteredOn(node -> node.contains("region-a")).hasSize(2);
        assertThat(nodes).filteredOn(node -> node.contains("region-b")).hasSize(3);
    }

    @Test
    void freedSlotIsFilled() {
        bench.stock("region-a", 10);
        bench.advance(Duration.ofSeconds(6));
        bench.declare(aPolicy(acs("region-a").max(1)));
        var first = bench.placed(bench.web());
        var second = bench.placed(bench.web());
        assertThat(second.node()).isNull();
        assertThat(bench.explanation(second)).contains("its cap is reached, 1 of 1");

        bench.delete(first);
        bench.settle();

        assertThat(bench.nodeOf(second)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void twoPoliciesOnOnePodAreRefused() { // Q2
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        bench.declare(aPolicy(acs("region-a")).named("q"));
        var pod = bench.placed(bench.web());
        assertThat(pod.node()).isNull();
        assertThat(bench.explanation(pod)).contains("policies p, q all select the pod");
    }

    @Test
    void unknownRegionIsNamedNotDefaulted() { // Q19
        bench.stock("region-a", 1);
        var pod = bench.placed(bench.pinned(Names.REGION_ID, "nowhere"));
        assertThat(pod.node()).isNull();
        assertThat(bench.explanation(pod)).contains("region 'nowhere' does not exist, declared are region-a, region-b");
    }

    @Test
    void zonesOfAUnitAreAskedOneAfterAnother() {
        bench.region(aRegion("region-c").zones("c-1", "c-2", "c-3"));
        bench.settle();
        bench.declare(aPolicy(acs("region-c"), acs("region-a")));
        bench.stock("region-a", 1);
        bench.placed(bench.web());
        assertThat(bench.effects(Effect.Acquire.class).stream()
                        .map(acquire -> acquire.request().offer().zone().value()))
                .containsExactly("c-1", "c-2", "c-3", "region-a-1");
    }

    /** Whoever may make a pod may name its node. */
    @Test
    void regionOfOtherNamespacesGivesNothingToAPodThatNamesItsNode() {
        bench.region(aRegion("region-c").allowing("other"));
        bench.settle();
        bench.stock("region-c", 1);
        bench.create(bench.pinned().boundTo("virtual-kubelet-region-c-1"));
        bench.advance(Duration.ofMinutes(5));
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void regionOfOtherNamespacesIsClosed() {
        bench.region(aRegion("region-c").allowing("other"));
        bench.settle();
        bench.stock("region-c", 1);
        var pod = bench.placed(bench.pinned(Names.REGION_ID, "region-c"));
        assertThat(pod.node()).isNull();
        assertThat(bench.explanation(pod)).contains("does not admit namespace demo");
    }
}
