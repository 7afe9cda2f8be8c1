package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.after;
import static dev.spillway.core.testing.InstanceBuilder.anInstance;
import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Start, change of leader, and the comparison of regions with the cluster (R27, R28). */
class TakeoverTest {
    private final TestBench bench = new TestBench();

    /** What the last status of a Region said. */
    private RegionStatus.Verdict reachable() {
        return bench.writes(ClusterWrite.WriteRegionStatus.class)
                .getLast()
                .status()
                .reachable();
    }

    private Instance running(Pod pod, String region, String id) {
        return bench.regions.put(anInstance(id).of(pod).inRegion(region).unit(2).build());
    }

    @Test
    void olderPodsWaitForEveryRegionToBeListed() {
        bench.stock("region-a", 1);
        bench.regions.onList = list -> list.region().value().equals("region-b")
                ? new ListAnswer.Unknown("down")
                : new ListAnswer.Complete(List.of());
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        var old = bench.create(bench.web());
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(old)).contains("must first hear what regions region-b already run");

        bench.regions.onList = list -> new ListAnswer.Complete(List.of());
        bench.advance(Duration.ofSeconds(20));
        assertThat(bench.nodeOf(old)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void podsCreatedAfterTheStartDoNotWait() {
        bench.stock("region-a", 1);
        bench.regions.onList = list -> new ListAnswer.Unknown("down");
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.withTwoRegions();
        var young = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(young)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void listBeginsOnlyAfterSettle() {
        bench.declare(aRegion("region-a").asDefault());
        bench.open("region-a", Duration.ofSeconds(30));
        bench.listed();
        bench.advance(Duration.ofSeconds(29));
        assertThat(bench.effects(Effect.ListInstances.class)).isEmpty();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.effects(Effect.ListInstances.class)).hasSize(1);
    }

    @Test
    void unboundInstanceOfAWaitingPodIsBoundByItsTags() { // F18, F22
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
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
        running(aPod("gone").build(), "region-a", "i-9");
        bench.withTwoRegions();
        assertThat(bench.effects(Effect.ReadPod.class)).hasSize(1);
        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void boundPodKeepsItsInstanceOverARestart() {
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        var before = bench.instanceOf(pod).id();

        bench.restart();
        bench.log.clear();
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.instanceOf(pod).id()).isEqualTo(before);
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
        assertThat(bench.asked()).isEmpty();
    }

    @Test
    void aPodThatWasMarkedAsNotReadyMeanwhileIsShownAnew() { // F32
        var pod = runningPod();

        bench.restart();
        bench.log.clear();
        bench.declare(aPolicy(acs("region-a")));
        bench.send(new Event.PodSeen(
                PodBuilder.like(bench.current(pod)).ready(false).build()));
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(1);
    }

    @Test
    void aPodThatTheClusterMarksAsNotReadyIsShownAnewWithoutARestart() { // F32
        var pod = runningPod();
        bench.log.clear();

        bench.send(new Event.PodSeen(
                PodBuilder.like(bench.current(pod)).ready(false).build()));
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).isNotEmpty();
    }

    private Pod runningPod() {
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.report(after(bench.instanceOf(pod)).state(Instance.State.RUNNING));
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        return pod;
    }

    @Test
    void emptyListFailsNobody() { // F52
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.regions.onList = list -> new ListAnswer.Complete(List.of());
        bench.advance(Duration.ofMinutes(3));
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.PENDING);
        assertThat(bench.regions.instances).hasSize(1);
    }

    @Test
    void podBoundBySomebodyElseGetsAnInstanceInThatZone() { // item 15
        bench.stock("region-b", 1);
        bench.withTwoRegions();
        var pod = bench.create(bench.pinned().boundTo("virtual-kubelet-region-b-1"));
        bench.settle();
        assertThat(bench.asked()).containsExactly("region-b");
        assertThat(bench.current(pod).annotations().get(Names.INSTANCE_ID)).isEqualTo("i-1");
        assertThat(bench.effects(Effect.Bind.class)).isEmpty();
    }

    @Test
    void boundPodWithoutStockStaysPendingAndSaysSo() { // item 15
        bench.withTwoRegions();
        var pod = bench.create(bench.pinned().boundTo("virtual-kubelet-region-b-1"));
        bench.advance(Duration.ofMinutes(1));
        var status = bench.writes(ClusterWrite.WriteStatus.class).getFirst().status();
        assertThat(status.phase()).isEqualTo(Pod.Phase.PENDING);
        assertThat(status.created().status()).isFalse();
        assertThat(status.created().reason()).isEqualTo("NoStock");
        assertThat(bench.asked()).containsOnly("region-b");

        bench.stock("region-b", 1);
        bench.advance(Duration.ofMinutes(4));
        assertThat(bench.current(pod).annotations().get(Names.INSTANCE_ID)).isEqualTo("i-1");
    }

    @Test
    void stockThatVanishesAfterAcceptanceIsAskedForAgainInThatZone() { // E54
        bench.stock("region-a", 2);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.report(pod, Instance.State.FAILED, "NoStock");
        bench.settle();
        assertThat(bench.writes(ClusterWrite.WriteStatus.class)
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
        bench.stock("region-b", 1);
        bench.withTwoRegions();
        bench.create(bench.web().boundTo("virtual-kubelet-region-b-1").ofDaemonSet("agent"));
        bench.advance(Duration.ofMinutes(30));
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.writes(ClusterWrite.Announce.class)).hasSize(1);
        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).isEmpty();
    }

    @Test
    void deletedPodLeavesNothing() {
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.delete(pod);
        bench.settle();
        assertThat(bench.regions.instances).isEmpty();
        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void removedZoneKeepsItsNodeUntilTheLastPodIsGone() {
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.send(new Event.RegionGone(new RegionId("region-a")));
        bench.settle();
        assertThat(bench.writes(ClusterWrite.RemoveNode.class)).isEmpty();
        assertThat(bench.writes(ClusterWrite.PutNode.class).getLast().node().unschedulable())
                .isTrue();

        bench.delete(pod);
        bench.settle();
        assertThat(bench.writes(ClusterWrite.RemoveNode.class)).hasSize(1);
    }

    @Test
    void regionDeclaredAnewGetsItsStatusAnew() {
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(1));
        bench.log.clear();
        bench.send(new Event.RegionGone(new RegionId("region-a")));
        bench.region(aRegion("region-a").asDefault());
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.writes(ClusterWrite.WriteRegionStatus.class))
                .extracting(write -> write.region().value())
                .contains("region-a");
    }

    @Test
    void regionThatCanBeReachedSaysSoWithinASecond() {
        bench.listed();
        bench.declare(aRegion("region-a").asDefault());
        bench.advance(Duration.ofSeconds(1));
        assertThat(reachable().status()).as("before its connection is open").isFalse();

        bench.region(aRegion("region-a").asDefault());
        bench.advance(Duration.ofSeconds(1));

        assertThat(reachable().status()).isTrue();
    }

    @Test
    void regionThatDoesNotSayWhatItRunsIsNotReachableAndSaysWhy() {
        var onList = bench.regions.onList;
        bench.regions.onList = list -> new ListAnswer.Unknown("its trace file does not exist");
        bench.withTwoRegions();
        bench.advance(Duration.ofSeconds(20));
        assertThat(reachable().status()).isFalse();
        assertThat(reachable().message()).isEqualTo("its trace file does not exist");

        bench.regions.onList = onList;
        bench.advance(Duration.ofMinutes(2));
        assertThat(reachable().status()).isTrue();
    }

    @Test
    void oneStatusOfARegionIsWrittenAtATime() { // a later write might overtake an earlier one
        bench.declare(aRegion("region-a").asDefault());
        bench.send(new Event.ClusterListed());
        bench.now = bench.now.plusSeconds(1);
        bench.send(new Event.TimePassed());
        bench.open("region-a");
        bench.now = bench.now.plusSeconds(10);
        bench.send(new Event.TimePassed());
        assertThat(bench.writes(ClusterWrite.WriteRegionStatus.class)).hasSize(1);

        bench.settle();
        assertThat(reachable().status()).isTrue();
    }

    @Test
    void endReportedWhileAListIsUnderWayIsNotForgottenWhenTheListComes() { // S2
        var pod = bench.create(bench.web());
        var instance = running(pod, "region-a", "i-5");
        bench.regions.onList = list -> {
            bench.report(after(instance).state(Instance.State.ENDING));
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
        bench.stock("region-a", 1);
        bench.stock("region-b", 1);
        bench.declare(aPolicy(acs("region-a").max(1), acs("region-b")));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(6));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.asked()).containsExactly("region-a");
    }

    @Test
    void aCapOpensAfterAWhileWhereItsRegionGivesNoListAndNothingSpills() { // L1
        bench.stock("region-a", 1);
        bench.stock("region-b", 1);
        bench.regions.onList = list -> new ListAnswer.Unknown("out of order");
        bench.declare(aPolicy(acs("region-a").max(1), acs("region-b")));
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
        var pod = bench.pinned()
                .boundTo("virtual-kubelet-region-a-1")
                .annotation(Names.INSTANCE_ID, "i-5")
                .phase(Pod.Phase.SUCCEEDED);
        running(bench.create(pod), "region-a", "i-5");

        bench.withTwoRegions();

        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void endedPodThatIsBeingDeletedIsRemovedAfterARestart() { // L3
        bench.create(bench.pinned()
                .boundTo("virtual-kubelet-region-a-1")
                .annotation(Names.INSTANCE_ID, "i-5")
                .phase(Pod.Phase.FAILED)
                .deleting());

        bench.withTwoRegions();

        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void adoptedInstanceThatVanishesInSilenceIsMissed() { // F39
        bench.stock("region-a", 1);
        bench.withTwoRegions();
        var pod = bench.create(bench.pinned());
        bench.settle();
        bench.restart();
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.withTwoRegions();

        bench.regions.instances.clear();
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
    }

    @Test
    void podBoundBySomebodyElseWaitsForEveryRegionToBeListedToo() { // S1
        bench.stock("region-b", 1);
        bench.regions.onList = list -> list.region().value().equals("region-a")
                ? new ListAnswer.Unknown("down")
                : new ListAnswer.Complete(List.of());
        var pod = bench.create(bench.pinned().boundTo("virtual-kubelet-region-b-1"));
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.asked()).isEmpty();

        var elsewhere = running(pod, "region-a", "i-4");
        bench.regions.onList = list -> new ListAnswer.Complete(bench.regions.instances.values().stream()
                .filter(one -> one.tags().offer().region().equals(list.region()))
                .toList());
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.regions.instances).doesNotContainKey(elsewhere.id());
        assertThat(bench.asked()).containsExactly("region-b");
    }
}
