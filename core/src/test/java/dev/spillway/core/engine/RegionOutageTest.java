package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A region stays unreachable: what becomes of its pods (R29, F31). */
class RegionOutageTest {
    private static final Owner WEB = new Owner("apps/v1", "ReplicaSet", "web-1", "rs-web");
    private static final Owner API = new Owner("apps/v1", "ReplicaSet", "api-1", "rs-api");
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String WHY = "503 from region";

    private final TestBench bench = new TestBench();
    private final Set<String> out = new TreeSet<>();

    @BeforeEach
    void threeRegions() {
        for (var region : List.of("region-a", "region-b", "region-c")) {
            bench.region(aRegion(region).isDefault(region.equals("region-a")));
            bench.stock(region, 100);
        }
        bench.listed();
        bench.regions.onList = list -> isOut(list)
                ? new ListAnswer.Unknown(WHY)
                : new ListAnswer.Complete(bench.regions.instances.values().stream()
                        .filter(one -> one.tags().offer().region().equals(list.region()))
                        .toList());
        bench.regions.onAcquire =
                ask -> isOut(ask) ? new AcquireAnswer.Refused(new Refusal.Unavailable(WHY)) : bench.regions.sell(ask);
        bench.regions.onTerminate = end -> isOut(end) ? new TerminateAnswer.Unknown(WHY) : new TerminateAnswer.Gone();
        bench.regions.onDescribe = look -> isOut(look) ? new FindAnswer.Unknown(WHY) : bench.regions.describe(look);
        bench.declare(aPolicy(acs("region-a"), acs("region-b"), acs("region-c")));
    }

    private boolean isOut(Effect.ToRegion effect) {
        return out.contains(effect.region().value());
    }

    /** The region is out, and was found to be so. */
    private void outage(String region) {
        out.add(region);
        bench.advance(MINUTE);
    }

    private void back(String region) {
        out.remove(region);
        bench.advance(MINUTE);
    }

    /** A pod that runs in region-a, unless the first ones are out. */
    private Pod running(PodBuilder pod) {
        var placed = bench.placed(pod);
        bench.report(placed, Instance.State.RUNNING, "");
        bench.settle();
        assertThat(bench.current(placed).ready()).isTrue();
        return bench.current(placed);
    }

    private PodBuilder moving(Owner owner) {
        return bench.web().ownedBy(owner).annotation(Names.ON_REGION_OUTAGE, "Move");
    }

    private List<ClusterWrite.GiveUp> moves() {
        return bench.writes(ClusterWrite.GiveUp.class);
    }

    private List<String> moved() {
        return moves().stream().map(move -> move.pod().name()).toList();
    }

    private List<String> eventsOf(Pod pod) {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .filter(event -> event.uid().equals(pod.uid()))
                .map(event -> event.announcement().reason())
                .filter(reason -> !reason.equals("Scheduled"))
                .toList();
    }

    private String textOf(Pod pod, String reason) {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .filter(event -> event.uid().equals(pod.uid())
                        && event.announcement().reason().equals(reason))
                .map(event -> event.announcement().message())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void newPodsGoElsewhereAtOnceAndStatusesStayAsTheyWere() {
        var there = running(bench.web().ownedBy(WEB));
        out.add("region-a");
        int statuses = bench.writes(ClusterWrite.WriteStatus.class).size();
        var next = bench.placed(bench.web());

        assertThat(bench.nodeOf(next)).isEqualTo("virtual-kubelet-region-b-1");
        bench.advance(Duration.ofMinutes(14));
        assertThat(bench.current(there).ready()).isTrue();
        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(statuses);
    }

    @Test
    void itsNodesSayThatItIsUnreachableAndWhyThoughNobodyAsksItForAnything() {
        outage("region-a");

        var last = bench.writes(ClusterWrite.PutNode.class).getLast().node();
        assertThat(last.region().value()).isEqualTo("region-a");
        assertThat(last.reachable()).isFalse();
        assertThat(last.message()).isEqualTo(WHY);

        back("region-a");
        assertThat(bench.writes(ClusterWrite.PutNode.class).getLast().node().reachable())
                .isTrue();
    }

    @Test
    void anOutageThatEndsBeforeThePatienceLeavesNoTrace() {
        var there = running(moving(WEB));
        outage("region-a");
        bench.advance(Duration.ofMinutes(13));
        back("region-a");
        bench.advance(PATIENCE.multipliedBy(2));

        assertThat(moves()).isEmpty();
        assertThat(eventsOf(there)).isEmpty();
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
    }

    @Test
    void aPodThatCouldNotBePreparedIsNoSignOfLife() {
        var there = running(moving(WEB));
        outage("region-a");
        bench.regions.onAcquire = ask -> isOut(ask)
                ? new AcquireAnswer.Refused(new Refusal.Unprepared("the home cluster gave no secrets/keys"))
                : bench.regions.sell(ask);
        bench.create(bench.web());
        bench.advance(PATIENCE);

        assertThat(moved()).containsExactly(there.key().name());
    }

    @Test
    void twoShortOutagesAreNotOneLongOne() {
        running(moving(WEB));
        for (int i = 0; i < 3; i++) {
            outage("region-a");
            bench.advance(Duration.ofMinutes(12));
            back("region-a");
        }

        assertThat(moves()).isEmpty();
    }

    @Test
    void aPodThatSaysNothingStaysAndIsToldOnce() {
        var silent = running(bench.web().ownedBy(WEB));
        var stays = running(bench.web().ownedBy(WEB).annotation(Names.ON_REGION_OUTAGE, "Stay"));
        outage("region-a");
        bench.advance(PATIENCE.multipliedBy(3));

        assertThat(moves()).isEmpty();
        assertThat(eventsOf(silent)).containsExactly("RegionUnreachable");
        assertThat(eventsOf(stays)).containsExactly("RegionUnreachable");
        assertThat(textOf(silent, "RegionUnreachable"))
                .startsWith("Region region-a has not answered since 2026-01-01T00:0")
                .contains(WHY);
    }

    @Test
    void anUnknownWordIsToldWithTheThreeThatThereAreAndStays() {
        var pod = running(moving(WEB).annotation(Names.ON_REGION_OUTAGE, "move"));
        outage("region-a");
        bench.advance(PATIENCE);

        assertThat(moves()).isEmpty();
        assertThat(eventsOf(pod)).containsExactly("UnknownOnRegionOutage", "RegionUnreachable");
        assertThat(textOf(pod, "UnknownOnRegionOutage")).contains("'move'", "Stay, Move or Ask");
    }

    @Test
    void aPodThatAsksIsToldHowAndIsMovedOnceItSaysSo() {
        var pod = running(moving(WEB).annotation(Names.ON_REGION_OUTAGE, "Ask"));
        outage("region-a");
        bench.advance(PATIENCE);
        assertThat(moves()).isEmpty();
        assertThat(eventsOf(pod)).containsExactly("RegionUnreachable");
        assertThat(textOf(pod, "RegionUnreachable")).contains("delete it or set its annotation", "to Move");

        bench.update(bench.like(pod).annotation(Names.ON_REGION_OUTAGE, "Move"));
        bench.advance(MINUTE);
        assertThat(moved()).containsExactly(pod.key().name());
    }

    @Test
    void aMovedPodIsDeletedByUidStaysTerminatingAndIsTerminatedThereAtTheFirstContact() {
        var pod = running(moving(WEB));
        var instance = bench.instanceOf(pod).id();
        outage("region-a");
        bench.advance(PATIENCE);

        assertThat(moves()).singleElement().satisfies(move -> {
            assertThat(move.uid()).isEqualTo(pod.uid());
            assertThat(move.why()).contains("region-a", "Move");
        });
        assertThat(eventsOf(pod)).startsWith("Moved");
        bench.advance(Duration.ofHours(2));
        assertThat(bench.current(pod).deleting()).isTrue();
        assertThat(bench.writes(ClusterWrite.RemovePod.class)).isEmpty();

        back("region-a");
        assertThat(bench.regions.instances).doesNotContainKey(instance);
        assertThat(bench.api.pods).doesNotContainKey(pod.uid());
    }

    @Test
    void whoHasNobodyToMakeAnotherStays() {
        var naked = running(bench.web().annotation(Names.ON_REGION_OUTAGE, "Move"));
        var ofDaemonSet = running(moving(new Owner("apps/v1", "ReplicaSet", "x", "x")));
        bench.update(bench.like(ofDaemonSet).ofDaemonSet("agents"));
        outage("region-a");
        bench.advance(PATIENCE);

        assertThat(moves()).isEmpty();
        assertThat(eventsOf(naked)).containsExactly("NotMoved");
        assertThat(textOf(naked, "NotMoved")).contains("it has no controller");
        assertThat(textOf(ofDaemonSet, "NotMoved")).contains("DaemonSet agents would not make another one elsewhere");
    }

    @Test
    void noneIsMovedWhileMostRegionsAreOutAndItGoesOnWhenFewerAre() {
        running(moving(WEB));
        out.add("region-a");
        running(moving(API));
        out.add("region-b");
        running(bench.web());
        out.remove("region-a");
        out.remove("region-b");
        bench.advance(MINUTE);
        assertThat(bench.regions.instances.values())
                .extracting(one -> one.tags().offer().region().value())
                .containsExactlyInAnyOrder("region-a", "region-b", "region-c");

        outage("region-a");
        outage("region-b");
        bench.advance(PATIENCE.multipliedBy(2));
        assertThat(moves()).as("two of three are out").isEmpty();
        assertThat(bench.writes(ClusterWrite.AnnounceNode.class))
                .extracting(event -> event.announcement().reason())
                .containsExactly("MovesHeld");
        assertThat(bench.writes(ClusterWrite.AnnounceNode.class)
                        .getFirst()
                        .announcement()
                        .message())
                .startsWith("2 of 3 regions");

        back("region-b");
        assertThat(moves()).as("one of three is out").hasSize(1);
        assertThat(bench.writes(ClusterWrite.AnnounceNode.class))
                .extracting(event -> event.announcement().reason())
                .containsExactly("MovesHeld", "MovesGoOn");
    }

    @Test
    void oneInTwoSecondsIsMovedTheMostUrgentFirst() {
        var young = running(moving(WEB).created(9));
        var old = running(moving(API).created(3));
        var urgent = running(moving(new Owner("apps/v1", "ReplicaSet", "db-1", "rs-db"))
                .created(9)
                .priority(7));
        outage("region-a");
        bench.advance(PATIENCE.minus(MINUTE));
        assertThat(moves()).isEmpty();
        for (int i = 0; i < 300 && moves().isEmpty(); i++) {
            bench.advance(Duration.ofMillis(500));
        }
        assertThat(moved()).containsExactly(urgent.key().name());
        bench.advance(Duration.ofMillis(1400));
        assertThat(moves()).hasSize(1);
        bench.advance(Duration.ofSeconds(5));

        assertThat(moved())
                .containsExactly(
                        urgent.key().name(), old.key().name(), young.key().name());
    }

    @Test
    void theNextOfAnOwnerIsMovedOnlyWhenTheOneBeforeHasAReadyReplacement() {
        bench.create(3, () -> moving(WEB));
        bench.settle();
        List.copyOf(bench.api.pods.values()).forEach(pod -> bench.report(pod, Instance.State.RUNNING, ""));
        outage("region-a");
        bench.advance(PATIENCE);
        assertThat(moves()).hasSize(1);

        var replacement = bench.placed(moving(WEB)); // what a ReplicaSet makes at once
        assertThat(bench.nodeOf(replacement)).isEqualTo("virtual-kubelet-region-b-1");
        bench.advance(Duration.ofMinutes(10));
        assertThat(moves()).as("it is not ready yet").hasSize(1);

        bench.report(replacement, Instance.State.RUNNING, "");
        bench.advance(Duration.ofSeconds(3));
        assertThat(moves()).hasSize(2);
        bench.advance(Duration.ofMinutes(10));
        assertThat(moves()).hasSize(2);

        running(moving(WEB));
        bench.advance(Duration.ofSeconds(3));
        assertThat(moves()).hasSize(3);
    }

    @Test
    void aRegionThatComesBackLateLosesNoFurtherPod() {
        var pods = List.of(running(moving(WEB)), running(moving(WEB)));
        outage("region-a");
        bench.advance(PATIENCE);
        assertThat(moves()).hasSize(1);

        back("region-a");
        running(moving(WEB)); // ready, so that the other one could go
        bench.advance(PATIENCE.multipliedBy(2));

        assertThat(moves()).hasSize(1);
        assertThat(pods.stream().filter(pod -> bench.api.pods.containsKey(pod.uid())))
                .as("the moved one is gone, the other one was left alone")
                .hasSize(1);
    }

    @Test
    void aDeletionWithoutAnswerIsSentAgainUnlessTheRegionIsBack() {
        running(moving(WEB));
        bench.api.onGiveUp = move -> new WriteAnswer.Unknown("lost");
        outage("region-a");
        bench.advance(PATIENCE);
        assertThat(moves()).hasSizeGreaterThan(2);
        assertThat(Set.copyOf(moves())).hasSize(1);

        back("region-a");
        int sent = moves().size();
        bench.advance(PATIENCE);
        assertThat(moves()).hasSize(sent);
    }

    @Test
    void aRefusedDeletionIsToldOnceAndTriedEachMinute() {
        var pod = running(moving(WEB));
        bench.api.onGiveUp = move -> new WriteAnswer.Refused(403, "a policy says no");
        outage("region-a");
        bench.advance(PATIENCE.plusMinutes(5));

        assertThat(moves()).hasSizeBetween(4, 7);
        assertThat(eventsOf(pod).stream().filter(reason -> reason.equals("NotMoved")))
                .hasSize(1);
        assertThat(textOf(pod, "NotMoved")).contains("403 a policy says no");
    }

    @Test
    void thePatienceIsTheRegionsAndAnEditTakesEffectAtOnce() {
        running(moving(WEB));
        outage("region-a");
        bench.region(aRegion("region-a").asDefault().generation(2).outagePatience(Duration.ofSeconds(10)));
        bench.advance(Duration.ofSeconds(3));

        assertThat(moves()).hasSize(1);
    }

    @Test
    void afterARestartThePatienceBeginsAnewAlsoForARegionNotHeardSince() {
        var pod = running(moving(WEB));
        outage("region-a");
        bench.advance(PATIENCE.minus(MINUTE.multipliedBy(3)));
        var before = List.copyOf(bench.api.pods.values());
        bench.restart();
        threeRegions();
        before.forEach(bench.api::put);
        bench.advance(PATIENCE.minus(MINUTE));
        assertThat(moves()).isEmpty();

        bench.advance(MINUTE.multipliedBy(2));
        assertThat(moved()).containsExactly(pod.key().name());
    }

    @Test
    void aPauseOfThisProcessIsNoPatienceOfARegion() {
        running(moving(WEB));
        outage("region-a");
        bench.passTo(PATIENCE.multipliedBy(4)); // nobody looked meanwhile
        assertThat(moves()).isEmpty();
        bench.advance(PATIENCE.minus(MINUTE));
        assertThat(moves()).isEmpty();

        bench.advance(MINUTE.multipliedBy(2));
        assertThat(moves()).hasSize(1);
    }

    @Test
    void aConnectionThatNeverOpensIsAnOutageToo() {
        var pod = running(moving(WEB));
        bench.restart();
        bench.declare(aRegion("region-a").asDefault().outagePatience(Duration.ZERO));
        bench.api.put(pod);
        bench.listed();
        bench.advance(Duration.ofSeconds(110));
        assertThat(moves()).as("it may only take its time").isEmpty();

        bench.advance(Duration.ofSeconds(20));
        assertThat(moved()).containsExactly(pod.key().name());
    }

    @Test
    void aRegionThatIsDeclaredLostIsNoOutage() {
        var pod = running(moving(WEB));
        outage("region-a");
        bench.region(aRegion("region-a").asDefault().generation(2).lost());
        bench.advance(PATIENCE.multipliedBy(2));

        assertThat(moves()).isEmpty();
        assertThat(eventsOf(pod)).containsExactly("RegionLost");
    }
}
