package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PolicyBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a start, and a region that is down while the process starts, hold up: what could be wrong, and nothing else. */
class StartBarrierTest {
    private static final PolicyBuilder SPILL = aPolicy(ecs("a").max(4), acs("region-b"));

    private final TestBench bench = new TestBench();

    StartBarrierTest() {
        bench.stock("region-b", 9);
        bench.regions.onList = list -> list.region().value().equals("region-c")
                ? new ListAnswer.Unknown("down")
                : new ListAnswer.Complete(List.of());
    }

    /** Region-c is in no unit and does not answer. */
    private void start(PolicyBuilder policy) {
        bench.declare(policy);
        bench.region(aRegion("region-b").asDefault());
        bench.region(aRegion("region-c"));
        bench.node("a1", "a", 4);
        bench.listed();
    }

    static List<PolicyBuilder> policies() {
        return List.of(
                SPILL,
                SPILL.whenTryNextUnits(WhenTryNextUnits.Rule.EXCEED_MAX),
                SPILL.preemption(Policy.Preemption.BEFORE_NEXT_UNIT));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aRegionOfNoUnitClosesNoCap(PolicyBuilder policy) {
        start(policy);
        assertThat(bench.placed(bench.web()).node()).hasToString("a1");

        bench.advance(Duration.ofHours(1));

        assertThat(bench.placed(bench.web()).node()).hasToString("a1");
        assertThat(bench.writes(ClusterWrite.Evict.class)).isEmpty();
        assertThat(bench.asked()).isEmpty();
    }

    @Test
    void aPodOlderThanTheStartWaitsForTheRegionsOfItsOwnPolicyOnly() {
        var old = bench.create(bench.web());
        start(SPILL); // created before the pod, and never edited
        assertThat(bench.nodeOf(old)).isEqualTo("a1");
    }

    @Test
    void aPodThatMayBeInARegionThatIsDownGetsARealNodeAfterAMinuteAndNeverAnotherRegion() {
        var old = bench.create(bench.web());
        var others = List.of(bench.create(bench.web()), bench.create(bench.web()));
        start(aPolicy(ecs("a").max(1), acs("region-b")).generation(2).preemption(Policy.Preemption.BEFORE_NEXT_UNIT));
        bench.advance(Duration.ofSeconds(59));
        assertThat(bench.nodeOf(old)).isNull();
        assertThat(bench.explanation(old)).contains("must first hear what regions region-c already run");

        bench.advance(Duration.ofHours(1));

        assertThat(bench.nodeOf(old)).isEqualTo("a1");
        assertThat(others).allMatch(pod -> bench.nodeOf(pod) == null);
        assertThat(bench.explanation(others.getFirst()))
                .contains("unit 1 (ecs): CapReached")
                .contains("TakingOver: ");
        assertThat(bench.asked()).isEmpty();
        bench.regions.onList = list -> new ListAnswer.Complete(List.of());
        bench.advance(Duration.ofMinutes(1));
        assertThat(others).allMatch(pod -> "virtual-kubelet-region-b-1".equals(bench.nodeOf(pod)));
    }

    @Test
    void nobodyIsEvictedForAPodThatMayHaveAnInstance() {
        var low = bench.create(bench.web().boundTo("a1"));
        var high = bench.create(bench.pod("app", "none").priority(1000));
        start(SPILL);
        bench.node("a1", "a", 1);
        bench.advance(Duration.ofHours(1));
        assertThat(bench.nodeOf(high)).isNull();
        assertThat(bench.api.pods).containsKey(low.uid());
    }

    @Test
    void aRegionDeclaredLaterIsNotWaitedFor() {
        var old = bench.create(bench.web().priority(1));
        bench.stock("region-b", 0);
        bench.declare(aPolicy(acs("region-b")).generation(2));
        bench.region(aRegion("region-b").asDefault());
        bench.listed();
        bench.region(aRegion("region-c"));
        bench.stock("region-b", 1);
        bench.advance(Duration.ofMinutes(5));
        assertThat(bench.nodeOf(old)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aPodThatAnotherSchedulerBoundGetsItsInstanceThoughAnotherRegionIsDown() {
        var theirs = bench.create(bench.pod("app", "plain")
                .scheduler("default-scheduler")
                .withoutGpu()
                .boundTo("virtual-kubelet-region-b-1"));
        start(SPILL);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.asked()).containsExactly("region-b");
        assertThat(bench.current(theirs).instance()).isNotNull();
    }

    @Test
    void aCapIsOpenAtOnceWhereNobodyEverPromisedASlot() {
        start(SPILL);
        assertThat(bench.placed(bench.web()).node()).hasToString("a1");
    }

    @Test
    void whereAnotherProcessPromisedSlotsThePodIsToldUntilWhenTheyAreTakenOver() {
        start(SPILL);
        bench.placed(bench.web());
        bench.advance(Duration.ofMinutes(1));

        bench.restart();
        bench.api.pods.values().forEach(pod -> bench.send(new Event.PodSeen(pod)));
        start(SPILL);
        var young = bench.placed(bench.web());
        bench.advance(Duration.ofSeconds(9));
        assertThat(bench.nodeOf(young)).isNull();
        assertThat(bench.explanation(young))
                .contains("CapClosed: there is a place in a unit with a cap")
                .contains("next try at " + TestBench.START.plusSeconds(70));
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(young)).isEqualTo("a1");
    }

    @Test
    void aCapThatAnEditHasJustBroughtIsNotTrustedWhileTheProcessBeforeMayStillBind() {
        start(aPolicy(ecs("a").max(1), acs("region-b")).generation(2));
        var young = bench.placed(bench.web());
        bench.advance(Duration.ofSeconds(9));
        assertThat(young.node()).isNull();
        // What the process before had sent under the policy without a cap takes effect.
        bench.create(bench.web().boundTo("a1"));
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(young)).isEqualTo("virtual-kubelet-region-b-1");
    }
}
