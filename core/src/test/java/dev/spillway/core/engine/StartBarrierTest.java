package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static dev.spillway.core.engine.TestBench.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a start, and a region that is down while the process starts, hold up: what could be wrong, and nothing else. */
class StartBarrierTest {
    private static final Policy SPILL = policy(ecs("a", 4), acs("region-b"));

    private final TestBench bench = new TestBench();

    StartBarrierTest() {
        bench.stock.put("region-b", 9);
        bench.onList = list -> list.region().value().equals("region-c")
                ? new ListAnswer.Unknown("down")
                : new ListAnswer.Complete(List.of());
    }

    /** Region-c is in no unit and does not answer. */
    private void start(Policy policy) {
        bench.send(new Event.PolicySeen(policy));
        bench.region("region-b", true);
        bench.region("region-c", false);
        bench.node("a1", "a", 4);
        bench.listed();
    }

    private Pod placed(Pod pod) {
        bench.create(pod);
        bench.settle();
        return bench.current(pod);
    }

    private static Policy leaving(WhenTryNextUnits.Rule rule, Policy.Preemption preemption, Policy policy) {
        return with(policy, CountRule.DEFAULT, new WhenTryNextUnits(rule, Duration.ofMinutes(1)), preemption);
    }

    @Test
    void aRegionOfNoUnitClosesNoCap() {
        for (var policy : List.of(
                SPILL,
                leaving(WhenTryNextUnits.Rule.EXCEED_MAX, Policy.Preemption.AFTER_ALL_UNITS, SPILL),
                leaving(
                        WhenTryNextUnits.Rule.LACK_RESOURCE_OR_EXCEED_MAX,
                        Policy.Preemption.BEFORE_NEXT_UNIT,
                        SPILL))) {
            var test = new StartBarrierTest();
            test.start(policy);
            assertThat(test.placed(test.bench.web()).node()).hasToString("a1");
            test.bench.advance(Duration.ofHours(1));
            assertThat(test.placed(test.bench.web()).node()).hasToString("a1");
            assertThat(test.bench.effects(Effect.Evict.class)).isEmpty();
            assertThat(test.bench.asked()).isEmpty();
        }
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
        start(leaving(
                WhenTryNextUnits.Rule.LACK_RESOURCE_OR_EXCEED_MAX,
                Policy.Preemption.BEFORE_NEXT_UNIT,
                policy("p", 2, ecs("a", 1), acs("region-b"))));
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
        bench.onList = list -> new ListAnswer.Complete(List.of());
        bench.advance(Duration.ofMinutes(1));
        assertThat(others).allMatch(pod -> "virtual-kubelet-region-b-1".equals(bench.nodeOf(pod)));
    }

    @Test
    void nobodyIsEvictedForAPodThatMayHaveAnInstance() {
        var low = bench.create(bench.web().on(new NodeName("a1")));
        var high = bench.create(TestBench.withPriority(bench.pod(Labels.of("app", "none")), 1000));
        start(SPILL);
        bench.node("a1", "a", 1);
        bench.advance(Duration.ofHours(1));
        assertThat(bench.nodeOf(high)).isNull();
        assertThat(bench.pods).containsKey(low.uid());
    }

    @Test
    void aRegionDeclaredLaterIsNotWaitedFor() {
        var old = bench.create(TestBench.withPriority(bench.web(), 1));
        bench.stock.put("region-b", 0);
        bench.send(new Event.PolicySeen(policy("p", 2, acs("region-b"))));
        bench.region("region-b", true);
        bench.listed();
        bench.region("region-c", false);
        bench.stock.put("region-b", 1);
        bench.advance(Duration.ofMinutes(5));
        assertThat(bench.nodeOf(old)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aPodThatAnotherSchedulerBoundGetsItsInstanceThoughAnotherRegionIsDown() {
        var web = TestBench.withoutGpu(TestBench.renamed(bench.pinned(), "theirs", "uid-theirs", "default-scheduler"));
        var theirs = bench.create(TestBench.copy(
                web,
                new NodeName("virtual-kubelet-region-b-1"),
                Labels.of("app", "plain"),
                Labels.empty(),
                web.phase(),
                false));
        start(SPILL);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.asked()).containsExactly("region-b");
        assertThat(bench.current(theirs).instance()).isNotNull();
    }

    @Test
    void aCapIsOpenAtOnceWhereNobodyEverPromisedASlot() {
        start(SPILL);
        assertThat(placed(bench.web()).node()).hasToString("a1");
    }

    @Test
    void whereAnotherProcessPromisedSlotsThePodIsToldUntilWhenTheyAreTakenOver() {
        start(SPILL);
        placed(bench.web());
        bench.advance(Duration.ofMinutes(1));

        bench.restart();
        bench.pods.values().forEach(pod -> bench.send(new Event.PodSeen(pod)));
        start(SPILL);
        var young = placed(bench.web());
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
        start(policy("p", 2, ecs("a", 1), acs("region-b")));
        var young = placed(bench.web());
        bench.advance(Duration.ofSeconds(9));
        assertThat(young.node()).isNull();
        // What the process before had sent under the policy without a cap takes effect.
        bench.create(bench.web().on(new NodeName("a1")));
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(young)).isEqualTo("virtual-kubelet-region-b-1");
    }
}
