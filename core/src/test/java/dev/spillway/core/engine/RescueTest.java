package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.after;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bound pods that do not get to run: who gives up his place, and who does not. R11.6 to R11.9. */
final class RescueTest {
    private static final Owner OWNER = new Owner("apps/v1", "ReplicaSet", "web", "rs-1");
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private final TestBench bench = new TestBench().withTwoRegions();

    private PodBuilder web(String strategy) {
        return bench.web().ownedBy(OWNER).annotation(Names.FAIL_STRATEGY, strategy);
    }

    /** Placed by the first unit, which is region-a; region-b has stock, too. */
    private Pod placed(PodBuilder pod) {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.regions.restock("region-a", 1);
        bench.stock("region-b", 9);
        var placed = bench.placed(pod);
        assertThat(placed.annotations().get(Names.UNIT)).isEqualTo("1");
        return placed;
    }

    private void loseStock(Pod pod) {
        bench.stock("region-a", 0);
        bench.report(pod, Instance.State.FAILED, "NoStock");
        bench.settle();
    }

    private void start(Pod pod) {
        bench.report(pod, Instance.State.RUNNING, "");
        bench.settle();
    }

    private List<ClusterWrite.GiveUp> givenUp() {
        return bench.writes(ClusterWrite.GiveUp.class);
    }

    private List<Announcement> said(String reason) {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .map(ClusterWrite.Announce::announcement)
                .filter(announcement -> announcement.reason().equals(reason))
                .toList();
    }

    private boolean isThere(Pod pod) {
        return bench.api.pods.containsKey(pod.uid());
    }

    // Stock

    @Test
    void failOverGivesItsPlaceToTheNextUnitAtOnce() {
        var pod = placed(web("fail-over"));

        loseStock(pod);

        assertThat(givenUp()).singleElement().satisfies(write -> {
            assertThat(write.uid()).isEqualTo(pod.uid());
            assertThat(write.reason()).isEqualTo("GivesWay");
        });
        assertThat(said("GivesWay")).singleElement().satisfies(event -> {
            assertThat(event.warning()).isFalse();
            assertThat(event.message())
                    .contains("virtual-kubelet-region-a-1", "ReplicaSet web", "unit 2, virtual-kubelet-region-b-1");
        });
        assertThat(isThere(pod)).as("it leaves").isFalse();
        assertThat(bench.regions.instances).as("nothing is left over").isEmpty();
        var next = bench.placed(web("fail-over"));
        assertThat(bench.nodeOf(next)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void failOverMayComeFromTheUnit() {
        bench.declare(aPolicy(acs("region-a").podAnnotations(Names.FAIL_STRATEGY, "fail-over"), acs("region-b")));
        bench.stock("region-a", 1);
        bench.stock("region-b", 1);
        var pod = bench.placed(bench.web().ownedBy(OWNER));

        loseStock(pod);

        assertThat(givenUp()).hasSize(1);
    }

    @Test
    void aRealNodeOfALaterUnitIsAnotherPlaceToo() {
        bench.node("n1", "a", 3);
        bench.declare(aPolicy(acs("region-a"), ecs("a")));
        bench.stock("region-a", 1);
        var pod = bench.placed(web("fail-over"));

        loseStock(pod);

        assertThat(said("GivesWay").getFirst().message()).contains(": n1 now");
        assertThat(bench.nodeOf(bench.placed(web("fail-over")))).isEqualTo("n1");
    }

    @Test
    void anotherZoneOfItsUnitIsAnotherPlaceToo() {
        bench.region(aRegion("region-a").asDefault().zones("zone-1", "zone-2").generation(2));
        bench.declare(aPolicy(acs("region-a")));
        bench.settle();
        bench.regions.restock("region-a", 1);
        var pod = bench.placed(web("fail-over"));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-zone-1");

        loseStock(pod);

        assertThat(said("GivesWay").getFirst().message()).contains("unit 1, virtual-kubelet-zone-2");
    }

    @Test
    void failOverStaysUntilThereIsAnotherPlaceToAsk() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.stock("region-a", 1);
        var pod = bench.placed(web("fail-over"));
        var waiting = bench.placed(bench.web()); // closes both
        loseStock(pod);
        bench.advance(Duration.ofSeconds(10));
        assertThat(givenUp()).isEmpty();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.PENDING);

        bench.stock("region-b", 2);
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.nodeOf(waiting)).isEqualTo("virtual-kubelet-region-b-1");
        assertThat(givenUp()).hasSize(1);
    }

    @Test
    void onePlaceThatIsItsOwnIsNone() {
        bench.declare(aPolicy(acs("region-a")));
        bench.stock("region-a", 1);
        var pod = bench.placed(web("fail-over"));
        loseStock(pod);
        bench.stock("region-a", 1);

        bench.advance(Duration.ofMinutes(5));

        assertThat(givenUp()).isEmpty();
        assertThat(bench.instanceOf(pod).state())
                .as("asked for again where it is")
                .isEqualTo(Instance.State.STARTING);
        start(pod);
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fail-back", "what-is-this"})
    void nobodyElseGivesUpHisPlace(String strategy) { // R11.1
        var pod = placed(web(strategy));

        loseStock(pod);
        bench.advance(Duration.ofHours(2));

        assertThat(givenUp()).isEmpty();
        assertThat(bench.current(pod).node()).isEqualTo(pod.node());
    }

    @Test
    void aPodThatNobodyWouldMakeAnewStaysAndIsToldSoOnce() {
        var pod = placed(web("fail-over").ownedBy(new Owner("v1", "Pod", "spark-driver", "u-2")));
        var naked = placed(bench.web().annotation(Names.FAIL_STRATEGY, "fail-over"));
        for (int i = 0; i < 2; i++) {
            loseStock(pod);
            loseStock(naked);
            bench.stock("region-a", 2);
            bench.advance(Duration.ofMinutes(5));
        }

        assertThat(givenUp()).isEmpty();
        assertThat(said("StaysInPlace")).hasSize(2);
        assertThat(said("StaysInPlace")).extracting(Announcement::warning).containsOnly(false);
    }

    @Test
    void aPodThatSomebodyElseBoundNeverMoves() { // R23.7
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.stock("region-b", 9);
        bench.create(web("fail-over").boundTo("virtual-kubelet-region-a-1"));

        bench.advance(Duration.ofMinutes(30));

        assertThat(givenUp()).isEmpty();
    }

    // An image, a crash

    @ParameterizedTest
    @CsvSource({
        "fail-over, ErrImagePull", "fail-over, ImagePullBackOff", "fail-over, InvalidImageName",
        "fail-over, CrashLoopBackOff", "fail-fast, ErrImagePull", "fail-back, CrashLoopBackOff"
    })
    void whatWouldFareAlikeElsewhereStays(String strategy, String reason) {
        var pod = placed(web(strategy));
        bench.report(after(bench.instanceOf(pod)).containers(new ContainerReport("nginx", null, null, 0, reason)));

        bench.advance(Duration.ofHours(3));

        assertThat(givenUp()).isEmpty();
        assertThat(said("StartsSlowly")).isEmpty();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.PENDING);
    }

    // Nothing is known

    @Test
    void anInstanceThatSaysNothingForLongIsAsGoodAsNone() {
        var pod = placed(web("fail-over"));
        bench.advance(QUARTER.minusSeconds(1));
        assertThat(givenUp()).isEmpty();

        bench.advance(Duration.ofSeconds(31));

        assertThat(givenUp())
                .singleElement()
                .satisfies(write -> assertThat(write.why())
                        .contains(
                                "unit 2, virtual-kubelet-region-b-1",
                                "no other start of this offer has been seen yet"));
        assertThat(isThere(pod)).isFalse();
        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void withFailFastItFails() {
        var pod = placed(web("fail-fast"));

        bench.advance(QUARTER.plusSeconds(31));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        var status = bench.writes(ClusterWrite.WriteStatus.class).getLast().status();
        assertThat(status.reason()).isEqualTo("ProviderFailed");
        assertThat(status.created().reason()).isEqualTo("NotStarted");
        assertThat(status.disruption()).isNotNull();
        assertThat(said("NotStarted")).hasSize(1);
        assertThat(bench.regions.instances).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fail-back"})
    void withoutThatOneWarningSaysHowLongStartsTake(String strategy) {
        var pod = placed(web(strategy));

        bench.advance(Duration.ofHours(3));

        assertThat(givenUp()).isEmpty();
        assertThat(said("StartsSlowly")).singleElement().satisfies(event -> {
            assertThat(event.warning()).isTrue();
            assertThat(event.message()).contains("accepted 15 min", "no other start of this offer");
        });
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.PENDING);
    }

    @Test
    void aPodThatNobodyWouldMakeAnewIsToldThatItStartsSlowlyAndItsOfferIsNotPassedOver() {
        placed(bench.web().annotation(Names.FAIL_STRATEGY, "fail-over"));
        bench.advance(Duration.ofHours(1));
        assertThat(givenUp()).isEmpty();
        assertThat(said("StartsSlowly")).hasSize(1);

        bench.stock("region-a", 1);

        assertThat(bench.nodeOf(bench.placed(bench.web()))).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void theNextPodIsNotAskedForAtThePlaceWhereTheLastDidNotStart() {
        placed(web("fail-over"));
        bench.stock("region-a", 5);

        bench.advance(QUARTER); // its object is gone then, and what its instance had counts as free

        assertThat(givenUp()).hasSize(1);
        assertThat(bench.nodeOf(bench.placed(web("fail-over")))).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void howLongIsLearnedFromOtherStartsOfTheOffer() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.stock("region-a", 6);
        bench.stock("region-b", 9);
        var others = bench.create(5, bench::web);
        bench.advance(Duration.ofMinutes(2));
        others.forEach(this::start);
        var pod = bench.placed(web("fail-over"));
        bench.advance(Duration.ofMinutes(8).minusSeconds(1));
        assertThat(givenUp()).isEmpty();

        bench.advance(Duration.ofSeconds(31));

        assertThat(givenUp().getFirst().why()).contains("the last 5 starts of this offer took 2 min 0 s at most");
        assertThat(isThere(pod)).isFalse();
    }

    @Test
    void nothingIsDoneWhileTheRegionCannotBeReached() {
        var pod = placed(web("fail-over"));
        bench.regions.onList = list -> new ListAnswer.Unknown("connection refused");
        bench.advance(Duration.ofHours(2));
        assertThat(givenUp()).isEmpty();

        bench.regions.onList = list -> new ListAnswer.Complete(List.copyOf(bench.regions.instances.values()));
        bench.advance(Duration.ofMinutes(1));

        assertThat(givenUp()).extracting(ClusterWrite.GiveUp::uid).containsExactly(pod.uid());
    }

    // One at a time

    @Test
    void theNextOfOneOwnerGoesOnlyWhenTheOneAfterTheLastIsReady() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.stock("region-a", 3);
        bench.stock("region-b", 9);
        var pods = bench.create(3, () -> web("fail-over"));
        bench.settle();
        pods.forEach(this::loseStock);
        bench.advance(Duration.ofMinutes(10));
        assertThat(givenUp()).hasSize(1);
        var next = bench.placed(web("fail-over"));
        assertThat(bench.nodeOf(next)).isEqualTo("virtual-kubelet-region-b-1");
        bench.advance(Duration.ofMinutes(1));
        assertThat(givenUp()).hasSize(1);

        start(next);
        bench.advance(Duration.ofSeconds(5));

        assertThat(givenUp()).hasSize(2);
    }

    @Test
    void noneGoesWhileAnotherOfItsOwnerWaitsForAPlace() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b").max(1)));
        bench.stock("region-a", 1);
        bench.stock("region-b", 9);
        var pod = bench.placed(web("fail-over"));
        var capped = bench.placed(web("fail-over"));
        start(capped);
        bench.placed(web("fail-over"));
        loseStock(pod);
        bench.advance(Duration.ofMinutes(10));

        assertThat(givenUp()).isEmpty();
    }

    // The deletion

    @Test
    void aDeletionWithoutAnswerIsSentAgain() {
        var pod = placed(web("fail-over"));
        bench.api.onGiveUp = write -> new WriteAnswer.Unknown("503");
        loseStock(pod);
        bench.advance(Duration.ofSeconds(10));
        assertThat(givenUp()).hasSizeBetween(3, 4);

        bench.api.onGiveUp = write -> new WriteAnswer.Done();
        bench.advance(Duration.ofSeconds(15));

        assertThat(isThere(pod)).isFalse();
        assertThat(said("GivesWay")).hasSize(1);
    }

    @Test
    void oneThatTheServerRefusesStaysForTenMinutesAndHoldsUpNobody() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.stock("region-a", 2);
        bench.stock("region-b", 9);
        var pods = bench.create(2, () -> web("fail-over"));
        bench.settle();
        bench.api.onGiveUp = write -> new WriteAnswer.Refused(403, "a policy of the cluster forbids it");
        pods.forEach(this::loseStock);
        bench.advance(Duration.ofMinutes(9));

        assertThat(givenUp()).hasSize(2);
        assertThat(said("GivingUpRefused"))
                .extracting(Announcement::message)
                .containsOnly("The pod stays where it is: 403 a policy of the cluster forbids it");
        bench.advance(Duration.ofMinutes(2));
        assertThat(givenUp()).hasSize(4);
    }

    // A restart

    @Test
    void afterAStartWhatIsOlderIsLeftAloneForAMinute() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.stock("region-a", 1);
        var pod = bench.placed(web("fail-over"));
        bench.placed(bench.web()); // closes both
        loseStock(pod);
        bench.regions.onAcquire = acquire -> acquire.region().value().equals("region-a")
                ? new AcquireAnswer.Refused(new Refusal.OutOfStock("none"))
                : bench.regions.sell(acquire);
        bench.restart();
        bench.log.clear();
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.withTwoRegions();
        bench.advance(Duration.ofSeconds(50));
        assertThat(bench.effects(Effect.Acquire.class))
                .as("asked for again in its zone")
                .isNotEmpty();
        assertThat(givenUp()).isEmpty();

        bench.advance(Duration.ofSeconds(20));

        assertThat(givenUp()).hasSize(1);
    }
}
