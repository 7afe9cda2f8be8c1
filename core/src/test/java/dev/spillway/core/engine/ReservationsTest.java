package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.step.Effect;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slots of capped units are promised in the policy's status, so that caps hold while two processes believe to lead. */
class ReservationsTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    ReservationsTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.stock("region-a", 9);
        bench.node("a1", "a", 10);
    }

    private Pod placed() {
        return bench.placed(bench.web());
    }

    @Test
    void aPolicyWithoutCapsReservesNothing() {
        bench.declare(aPolicy(ecs("a"), acs("region-a")));
        placed();
        assertThat(bench.effects(Effect.Reserve.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"ECS", "ACS"})
    void theSlotIsReservedBeforeThePodIsBound(Unit.Resource kind) {
        bench.declare(aPolicy((kind.isRegional() ? acs("region-a") : ecs("a")).max(2)));

        var pod = placed();

        assertThat(pod.node()).isNotNull();
        var kinds = bench.log.stream()
                .filter(e -> e instanceof Effect.Reserve || e instanceof Effect.Bind)
                .map(e -> e.getClass().getSimpleName())
                .distinct()
                .toList();
        assertThat(kinds).containsExactly("Reserve", "Bind");
    }

    @Test
    void slotsWantedMeanwhileGoOutTogether() {
        bench.declare(aPolicy(ecs("a").max(9)));
        placed(); // the first request asks what is there
        bench.log.clear();
        bench.create(6, bench::web);
        bench.settle();
        assertThat(bench.effects(Effect.Bind.class)).hasSize(6);
        assertThat(bench.effects(Effect.Reserve.class)).hasSize(2);
    }

    @Test
    void whatTheProcessBeforeHasPromisedCountsUntilItIsSettled() {
        var policy = aPolicy(ecs("a").max(1), acs("region-a"));
        bench.declare(policy);
        var waiting = new PodUid("uid-of-the-other");
        // Another process has promised the only slot to a pod of its own, and takes its time.
        bench.api.onReserve = new Takeover(new Reserved("other", List.of(new Reserved.Slot(waiting, 1))))::answer;
        var theirs = bench.web().named("theirs").uid(waiting.value()).scheduler("default-scheduler");
        bench.create(theirs);

        var mine = placed();
        assertThat(mine.node()).isNull();
        bench.advance(Duration.ofSeconds(15));

        assertThat(bench.effects(Effect.ListPods.class)).hasSize(1);
        assertThat(bench.nodeOf(mine)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void whoTakesOverWaitsAsLongAsTheSlowestRegionMayStillAct() {
        bench.declare(aPolicy(acs("region-a").max(9)));
        bench.open("region-b", Duration.ofMinutes(2));
        bench.api.onReserve = new Takeover(new Reserved("other", List.of()))::answer;
        var pod = placed();
        bench.advance(Duration.ofSeconds(110));
        assertThat(bench.nodeOf(pod)).isNull();
        bench.advance(Duration.ofSeconds(30));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    /** What stands in the status counts as promised for whoever comes next: a request is no promise. */
    @Test
    void whoTakesOverWritesNoSlotOfItsOwnBeforeItHasListedThePods() {
        bench.declare(aPolicy(ecs("a").max(1)));
        var before = new Reserved("other", List.of());
        bench.api.onReserve = new Takeover(before)::answer;
        placed();

        var takingOver = bench.effects(Effect.Reserve.class).getLast();
        assertThat(takingOver.expected()).isEqualTo(before);
        assertThat(takingOver.desired().slots()).isEmpty();

        bench.advance(Duration.ofSeconds(15));
        assertThat(bench.effects(Effect.Reserve.class).getLast().desired().slots())
                .hasSize(1);
    }

    @Test
    void aListForOnePolicySettlesNoOtherThatWasTakenOverLater() {
        bench.declare(aPolicy(ecs("a").max(5)));
        bench.api.onReserve = new Takeover(new Reserved("other", List.of()))::answer;
        var first = placed();
        bench.advance(Duration.ofSeconds(8));
        bench.declare(aPolicy(ecs("a").max(5)).named("q").selecting("svc", "other"));
        bench.api.onReserve = new Takeover(new Reserved("other", List.of()))::answer;
        var second = bench.create(bench.pod("svc", "other"));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(first)).isEqualTo("a1");
        assertThat(bench.nodeOf(second)).isNull(); // 10 s of its own

        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.nodeOf(second)).isEqualTo("a1");
    }

    @Test
    void thePolicyShowsAnInheritedPromiseForAsLongAsItCounts() {
        bench.declare(aPolicy(ecs("a").max(5)));
        var theirs =
                bench.create(bench.web().named("theirs").uid("uid-of-the-other").scheduler("default-scheduler"));
        bench.api.onReserve = new Takeover(new Reserved("other", List.of(new Reserved.Slot(theirs.uid(), 1))))::answer;
        placed();
        bench.advance(Duration.ofMinutes(1));
        assertThat(shown()).isEqualTo(2);

        bench.api.vanish(theirs);
        bench.advance(Duration.ofMinutes(1));

        assertThat(shown()).isEqualTo(1);
    }

    private int shown() {
        return bench.writes(ClusterWrite.WritePolicyStatus.class)
                .getLast()
                .status()
                .units()
                .getFirst()
                .count();
    }

    @Test
    void aPromiseOfAUnitThatAnEditRemovedIsNoTrouble() {
        bench.declare(aPolicy(ecs("a").max(1)));
        var promised = new PodUid("uid-of-the-other");
        var slots = List.of(new Reserved.Slot(promised, 3), new Reserved.Slot(promised, 0));
        bench.api.onReserve = new Takeover(new Reserved("other", slots))::answer;
        bench.create(bench.web().named("theirs").uid(promised.value()).scheduler("default-scheduler"));

        var pod = placed();
        bench.advance(Duration.ofSeconds(15));

        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    @Test
    void aPromiseToAPodThatIsGoneDoesNotCount() {
        bench.declare(aPolicy(ecs("a").max(1)));
        bench.api.onReserve =
                new Takeover(new Reserved("other", List.of(new Reserved.Slot(new PodUid("gone"), 1))))::answer;
        var pod = placed();
        bench.advance(Duration.ofSeconds(15));
        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    @Test
    void aDisplacedProcessBindsNobodyIntoCappedUnitsButGivesNothingUp() {
        bench.declare(aPolicy(acs("region-a").max(9)));
        assertThat(placed().node()).hasToString("virtual-kubelet-region-a-1");
        bench.api.onReserve = reserve -> new ReserveAnswer.Found(new Reserved("other", List.of()));

        var pod = placed();

        assertThat(pod.node()).isNull();
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
        bench.api.onReserve = new Takeover(new Reserved("other", List.of()))::answer;
        bench.advance(Duration.ofSeconds(60));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aLostAnswerIsAskedForAgainAndNothingIsBoundMeanwhile() {
        bench.declare(aPolicy(ecs("a").max(9)));
        placed();
        bench.api.onReserve = reserve -> {
            bench.api.onReserve = bench.api::reserve;
            bench.api.reserve(reserve); // it has taken effect
            return new ReserveAnswer.Unknown("timeout");
        };
        var pod = placed();
        assertThat(pod.node()).isNull();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    /** A status that another process wrote last. */
    private static final class Takeover {
        private Reserved actual;

        Takeover(Reserved actual) {
            this.actual = actual;
        }

        ReserveAnswer answer(Effect.Reserve effect) {
            if (!actual.equals(effect.expected())) {
                return new ReserveAnswer.Found(actual);
            }
            actual = effect.desired();
            return new ReserveAnswer.Done();
        }
    }
}
