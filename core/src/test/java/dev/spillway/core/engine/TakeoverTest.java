package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.in;
import static dev.spillway.core.engine.TestBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.port.Tags;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Start, change of leader, and the comparison of regions with the cluster (R27, R28). */
class TakeoverTest {
    private final TestBench bench = new TestBench();

    /** What the last status of a Region said. */
    private RegionStatus.Verdict reachable() {
        return bench.effects(Effect.WriteRegionStatus.class).getLast().status().reachable();
    }

    private Instance running(Pod pod, String region, String id) {
        var offer = new Offer(new RegionId(region), new ZoneId(region + "-1"), "gpu", "default", "m1", false);
        var tags = new Tags("cluster-1", pod.uid(), pod.key(), offer, "p", 1, 2, 0);
        var instance = TestBench.instance(tags, id);
        bench.instances.put(instance.id(), instance);
        return instance;
    }

    @Test
    void olderPodsWaitForEveryRegionToBeListed() {
        bench.stock.put("region-a", 1);
        bench.onList = list -> list.region().value().equals("region-b")
                ? new ListAnswer.Unknown("down")
                : new ListAnswer.Complete(List.of());
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        var old = bench.create(bench.web());
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(old)).contains("must first hear what regions region-b already run");

        bench.onList = list -> new ListAnswer.Complete(List.of());
        bench.advance(Duration.ofSeconds(20));
        assertThat(bench.nodeOf(old)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void podsCreatedAfterTheStartDoNotWait() {
        bench.stock.put("region-a", 1);
        bench.onList = list -> new ListAnswer.Unknown("down");
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        bench.withTwoRegions();
        var young = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(young)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void listBeginsOnlyAfterSettle() {
        bench.send(new Event.RegionSeen(TestBench.regionOf("region-a", true), ""));
        bench.send(new Event.BackendOpened(
                new RegionId("region-a"), new Capabilities(Duration.ofSeconds(30), Resources.NONE)));
        bench.listed();
        bench.advance(Duration.ofSeconds(29));
        assertThat(bench.effects(Effect.ListInstances.class)).isEmpty();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.effects(Effect.ListInstances.class)).hasSize(1);
    }

    @Test
    void unboundInstanceOfAWaitingPodIsBoundByItsTags() { // F18, F22
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        var pod = bench.create(bench.web());
        running(pod, "region-b", "i-7");
        bench.withTwoRegions();

        var bound = bench.current(pod);
        assertThat(bound.node()).isEqualTo(new NodeName("virtual-kubelet-region-b-1"));
        assertThat(bound.labels().get(Names.REGION_ID)).isEqualTo("region-b");
        assertThat(bound.annotations().get(Names.DELETION_COST)).isEqualTo("1900");
        assertThat(bench.asked()).isEmpty();
    }

    @Test
    void instanceWithoutItsPodIsTerminatedOnceAReadSaysSo() {
        var gone = new Pod(
                new PodKey("demo", "gone"),
                new PodUid("uid-gone"),
                0,
                Long.MAX_VALUE,
                Labels.empty(),
                Labels.empty(),
                TestBench.spec(Settings.SCHEDULER_NAME, java.util.Set.of()),
                null,
                Pod.Phase.PENDING,
                false,
                false,
                null,
                false);
        running(gone, "region-a", "i-9");
        bench.withTwoRegions();
        assertThat(bench.effects(Effect.ReadPod.class)).hasSize(1);
        assertThat(bench.instances).isEmpty();
    }

    @Test
    void boundPodKeepsItsInstanceOverARestart() {
        bench.stock.put("region-a", 1);
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        var before = bench.instanceOf(pod).id();

        bench.restart();
        bench.log.clear();
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.instanceOf(pod).id()).isEqualTo(before);
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
        assertThat(bench.asked()).isEmpty();
    }

    @Test
    void emptyListFailsNobody() { // F52
        bench.stock.put("region-a", 1);
        bench.send(new Event.PolicySeen(policy(acs("region-a"))));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.onList = list -> new ListAnswer.Complete(List.of());
        bench.advance(Duration.ofMinutes(3));
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.PENDING);
        assertThat(bench.instances).hasSize(1);
    }

    @Test
    void podBoundBySomebodyElseGetsAnInstanceInThatZone() { // item 15
        bench.stock.put("region-b", 1);
        bench.withTwoRegions();
        var pod = bench.pinned();
        bench.create(pod.bound(new NodeName("virtual-kubelet-region-b-1"), Labels.empty(), Labels.empty()));
        bench.settle();
        assertThat(bench.asked()).containsExactly("region-b");
        assertThat(bench.current(pod).annotations().get(Names.INSTANCE_ID)).isEqualTo("i-1");
        assertThat(bench.effects(Effect.Bind.class)).isEmpty();
    }

    @Test
    void boundPodWithoutStockStaysPendingAndSaysSo() { // item 15
        bench.withTwoRegions();
        var pod = bench.pinned();
        bench.create(pod.bound(new NodeName("virtual-kubelet-region-b-1"), Labels.empty(), Labels.empty()));
        bench.advance(Duration.ofMinutes(1));
        var status = bench.effects(Effect.WriteStatus.class).getFirst().status();
        assertThat(status.phase()).isEqualTo(Pod.Phase.PENDING);
        assertThat(status.created().status()).isFalse();
        assertThat(status.created().reason()).isEqualTo("NoStock");
        assertThat(bench.asked()).containsOnly("region-b");

        bench.stock.put("region-b", 1);
        bench.advance(Duration.ofMinutes(4));
        assertThat(bench.current(pod).annotations().get(Names.INSTANCE_ID)).isEqualTo("i-1");
    }

    @Test
    void stockThatVanishesAfterAcceptanceIsAskedForAgainInThatZone() { // E54
        bench.stock.put("region-a", 2);
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.report(TestBench.in(bench.instanceOf(pod), Instance.State.FAILED, "NoStock"));
        bench.settle();
        assertThat(bench.effects(Effect.WriteStatus.class)
                        .getFirst()
                        .status()
                        .created()
                        .reason())
                .isEqualTo("NoStock");
        bench.advance(Duration.ofMinutes(4));
        assertThat(bench.instanceOf(pod).tags().incarnation()).isEqualTo(1);
        assertThat(bench.asked()).containsOnly("region-a");
        assertThat(bench.current(pod).annotations().get(Names.INSTANCE_ID)).isEqualTo("i-2");
    }

    @Test
    void daemonSetPodOnAVirtualNodeGetsOneEventAndNoInstance() { // item 15
        bench.stock.put("region-b", 1);
        bench.withTwoRegions();
        var pod = bench.web();
        bench.create(new Pod(
                pod.key(),
                pod.uid(),
                1,
                Long.MAX_VALUE,
                pod.labels(),
                pod.annotations(),
                pod.spec(),
                new NodeName("virtual-kubelet-region-b-1"),
                Pod.Phase.PENDING,
                false,
                false,
                new Owner("apps/v1", "DaemonSet", "agent", "u-agent"),
                false));
        bench.advance(Duration.ofMinutes(30));
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.effects(Effect.Announce.class)).hasSize(1);
        assertThat(bench.effects(Effect.WriteStatus.class)).isEmpty();
    }

    @Test
    void deletedPodLeavesNothing() {
        bench.stock.put("region-a", 1);
        bench.send(new Event.PolicySeen(policy(acs("region-a"))));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.delete(pod);
        bench.settle();
        assertThat(bench.instances).isEmpty();
        assertThat(bench.pods).isEmpty();
    }

    @Test
    void removedZoneKeepsItsNodeUntilTheLastPodIsGone() {
        bench.stock.put("region-a", 1);
        bench.send(new Event.PolicySeen(policy(acs("region-a"))));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.send(new Event.RegionGone(new RegionId("region-a")));
        bench.settle();
        assertThat(bench.effects(Effect.RemoveNode.class)).isEmpty();
        assertThat(bench.effects(Effect.PutNode.class).getLast().node().unschedulable())
                .isTrue();

        bench.delete(pod);
        bench.settle();
        assertThat(bench.effects(Effect.RemoveNode.class)).hasSize(1);
    }

    @Test
    void regionDeclaredAnewGetsItsStatusAnew() {
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(1));
        bench.log.clear();
        bench.send(new Event.RegionGone(new RegionId("region-a")));
        bench.region("region-a", true);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.effects(Effect.WriteRegionStatus.class))
                .extracting(write -> write.region().value())
                .contains("region-a");
    }

    @Test
    void regionThatCanBeReachedSaysSoWithinASecond() {
        bench.listed();
        bench.send(new Event.RegionSeen(TestBench.regionOf("region-a", true), ""));
        bench.advance(Duration.ofSeconds(1));
        assertThat(reachable().status()).as("before its connection is open").isFalse();

        bench.region("region-a", true);
        bench.advance(Duration.ofSeconds(1));

        assertThat(reachable().status()).isTrue();
    }

    @Test
    void regionThatDoesNotSayWhatItRunsIsNotReachableAndSaysWhy() {
        var onList = bench.onList;
        bench.onList = list -> new ListAnswer.Unknown("its trace file does not exist");
        bench.withTwoRegions();
        bench.advance(Duration.ofSeconds(20));
        assertThat(reachable().status()).isFalse();
        assertThat(reachable().message()).isEqualTo("its trace file does not exist");

        bench.onList = onList;
        bench.advance(Duration.ofMinutes(2));
        assertThat(reachable().status()).isTrue();
    }

    @Test
    void oneStatusOfARegionIsWrittenAtATime() { // a later write might overtake an earlier one
        bench.send(new Event.RegionSeen(TestBench.regionOf("region-a", true), ""));
        bench.send(new Event.ClusterListed());
        bench.now = bench.now.plusSeconds(1);
        bench.send(new Event.TimePassed());
        bench.send(new Event.BackendOpened(new RegionId("region-a"), new Capabilities(Duration.ZERO, Resources.NONE)));
        bench.now = bench.now.plusSeconds(10);
        bench.send(new Event.TimePassed());
        assertThat(bench.effects(Effect.WriteRegionStatus.class)).hasSize(1);

        bench.settle();
        assertThat(reachable().status()).isTrue();
    }

    @Test
    void endReportedWhileAListIsUnderWayIsNotForgottenWhenTheListComes() { // S2
        var pod = bench.create(bench.web());
        var instance = running(pod, "region-a", "i-5");
        bench.onList = list -> {
            bench.report(in(instance, Instance.State.ENDING, ""));
            return new ListAnswer.Complete(list.region().value().equals("region-a") ? List.of(instance) : List.of());
        };

        bench.withTwoRegions();
        bench.advance(Duration.ofSeconds(10));

        assertThat(bench.effects(Effect.Bind.class))
                .extracting(bind -> bind.binding().annotations().get(Names.INSTANCE_ID))
                .doesNotContain("i-5");
    }

    @Test
    void startDoesNotSpillWhatIsCreatedRightAfterIt() { // E12, F18
        bench.stock.put("region-a", 1);
        bench.stock.put("region-b", 1);
        bench.send(new Event.PolicySeen(policy(acs("region-a", 1), acs("region-b"))));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(6));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.asked()).containsExactly("region-a");
    }

    @Test
    void aCapOpensAfterAWhileWhereItsRegionGivesNoListAndNothingSpills() { // L1
        bench.stock.put("region-a", 1);
        bench.stock.put("region-b", 1);
        bench.onList = list -> new ListAnswer.Unknown("out of order");
        bench.send(new Event.PolicySeen(policy(acs("region-a", 1), acs("region-b"))));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(14));
        assertThat(bench.nodeOf(pod)).isNull();
        assertThat(bench.explanation(pod))
                .contains("CapClosed: its cap opens when regions region-a have said what they already run");
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void instanceOfAPodThatHasEndedIsTerminatedThoughThePodStillNamesIt() { // S4
        var pod = bench.pinned();
        var instance = running(pod, "region-a", "i-5");
        bench.create(TestBench.copy(
                pod,
                new NodeName("virtual-kubelet-region-a-1"),
                pod.labels(),
                Labels.of(Names.INSTANCE_ID, instance.id().value()),
                Pod.Phase.SUCCEEDED,
                false));

        bench.withTwoRegions();

        assertThat(bench.instances).isEmpty();
    }

    @Test
    void endedPodThatIsBeingDeletedIsRemovedAfterARestart() { // L3
        var pod = bench.pinned();
        bench.create(TestBench.copy(
                pod,
                new NodeName("virtual-kubelet-region-a-1"),
                pod.labels(),
                Labels.of(Names.INSTANCE_ID, "i-5"),
                Pod.Phase.FAILED,
                true));

        bench.withTwoRegions();

        assertThat(bench.pods).isEmpty();
    }

    @Test
    void adoptedInstanceThatVanishesInSilenceIsMissed() { // F39
        bench.stock.put("region-a", 1);
        bench.withTwoRegions();
        var pod = bench.create(bench.pinned());
        bench.settle();
        bench.restart();
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.withTwoRegions();

        bench.instances.clear();
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
    }

    @Test
    void podBoundBySomebodyElseWaitsForEveryRegionToBeListedToo() { // S1
        bench.stock.put("region-b", 1);
        bench.onList = list -> list.region().value().equals("region-a")
                ? new ListAnswer.Unknown("down")
                : new ListAnswer.Complete(List.of());
        var pod = bench.pinned();
        bench.create(pod.bound(new NodeName("virtual-kubelet-region-b-1"), Labels.empty(), Labels.empty()));
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.asked()).isEmpty();

        var elsewhere = running(pod, "region-a", "i-4");
        bench.onList = list -> new ListAnswer.Complete(bench.instances.values().stream()
                .filter(one -> one.tags().offer().region().equals(list.region()))
                .toList());
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.instances).doesNotContainKey(elsewhere.id());
        assertThat(bench.asked()).containsExactly("region-b");
    }
}
