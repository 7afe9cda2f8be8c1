package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slots of capped units are promised in the policy's status, so that caps hold while two processes believe to lead. */
class ReservationsTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    ReservationsTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.stock.put("region-a", 9);
        bench.node("a1", "a", 10);
    }

    private Pod placed() {
        var pod = bench.create(bench.web());
        bench.settle();
        return bench.current(pod);
    }

    @Test
    void aPolicyWithoutCapsReservesNothing() {
        bench.send(new Event.PolicySeen(policy(ecs("a", null), acs("region-a"))));
        placed();
        assertThat(bench.effects(Effect.Reserve.class)).isEmpty();
    }

    @Test
    void theSlotIsReservedBeforeThePodIsBound() {
        for (var unit : List.of(ecs("a", 2), acs("region-a", 2))) {
            bench.log.clear();
            bench.send(new Event.PolicySeen(policy("p", unit.resource().isRegional() ? 2 : 1, unit)));
            var pod = placed();
            assertThat(pod.node()).isNotNull();
            var kinds = bench.log.stream()
                    .filter(e -> e instanceof Effect.Reserve || e instanceof Effect.Bind)
                    .map(e -> e.getClass().getSimpleName())
                    .distinct()
                    .toList();
            assertThat(kinds).containsExactly("Reserve", "Bind");
        }
    }

    @Test
    void slotsWantedMeanwhileGoOutTogether() {
        bench.send(new Event.PolicySeen(policy(ecs("a", 9))));
        placed(); // the first request asks what is there
        bench.log.clear();
        for (int i = 0; i < 6; i++) {
            bench.create(bench.web());
        }
        bench.settle();
        assertThat(bench.effects(Effect.Bind.class)).hasSize(6);
        assertThat(bench.effects(Effect.Reserve.class)).hasSize(2);
    }

    @Test
    void whatTheProcessBeforeHasPromisedCountsUntilItIsSettled() {
        var policy = policy(ecs("a", 1), acs("region-a"));
        bench.send(new Event.PolicySeen(policy));
        var waiting = new PodUid("uid-of-the-other");
        // Another process has promised the only slot to a pod of its own, and takes its time.
        bench.onReserve = new Takeover(new Reserved("other", List.of(new Reserved.Slot(waiting, 1))))::answer;
        var theirs = TestBench.renamed(bench.web(), "theirs", waiting.value(), "default-scheduler");
        bench.create(theirs);

        var mine = placed();
        assertThat(mine.node()).isNull();
        bench.advance(Duration.ofSeconds(15));

        assertThat(bench.effects(Effect.ListPods.class)).hasSize(1);
        assertThat(bench.nodeOf(mine)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void whoTakesOverWaitsAsLongAsTheSlowestRegionMayStillAct() {
        bench.send(new Event.PolicySeen(policy(acs("region-a", 9))));
        bench.send(new Event.BackendOpened(
                new RegionId("region-b"), new Capabilities(Duration.ofMinutes(2), new Resources(1, 1, 1))));
        bench.onReserve = new Takeover(new Reserved("other", List.of()))::answer;
        var pod = placed();
        bench.advance(Duration.ofSeconds(110));
        assertThat(bench.nodeOf(pod)).isNull();
        bench.advance(Duration.ofSeconds(30));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    /** What stands in the status counts as promised for whoever comes next: a wish is no promise. */
    @Test
    void whoTakesOverWritesNoSlotOfItsOwnBeforeItHasListedThePods() {
        bench.send(new Event.PolicySeen(policy(ecs("a", 1))));
        var before = new Reserved("other", List.of());
        bench.onReserve = new Takeover(before)::answer;
        placed();

        var takingOver = bench.effects(Effect.Reserve.class).getLast();
        assertThat(takingOver.expected()).isEqualTo(before);
        assertThat(takingOver.wished().slots()).isEmpty();

        bench.advance(Duration.ofSeconds(15));
        assertThat(bench.effects(Effect.Reserve.class).getLast().wished().slots())
                .hasSize(1);
    }

    @Test
    void aListForOnePolicySettlesNoOtherThatWasTakenOverLater() {
        bench.send(new Event.PolicySeen(policy("p", 1, ecs("a", 5))));
        bench.onReserve = new Takeover(new Reserved("other", List.of()))::answer;
        var first = placed();
        bench.advance(Duration.ofSeconds(8));
        bench.send(new Event.PolicySeen(selectingOthers(policy("q", 1, ecs("a", 5)))));
        bench.onReserve = new Takeover(new Reserved("other", List.of()))::answer;
        var second = bench.create(bench.pod(Labels.of("svc", "other")));
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.nodeOf(first)).isEqualTo("a1");
        assertThat(bench.nodeOf(second)).isNull(); // 10 s of its own

        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.nodeOf(second)).isEqualTo("a1");
    }

    @Test
    void thePolicyShowsAnInheritedPromiseForAsLongAsItCounts() {
        bench.send(new Event.PolicySeen(policy(ecs("a", 5))));
        var theirs = bench.create(TestBench.renamed(bench.web(), "theirs", "uid-of-the-other", "default-scheduler"));
        bench.onReserve = new Takeover(new Reserved("other", List.of(new Reserved.Slot(theirs.uid(), 1))))::answer;
        placed();
        bench.advance(Duration.ofMinutes(1));
        assertThat(shown()).isEqualTo(2);

        bench.vanish(theirs);
        bench.advance(Duration.ofMinutes(1));

        assertThat(shown()).isEqualTo(1);
    }

    private int shown() {
        return bench.effects(Effect.WritePolicyStatus.class)
                .getLast()
                .status()
                .units()
                .getFirst()
                .count();
    }

    @Test
    void aPromiseOfAUnitThatAnEditRemovedIsNoTrouble() {
        bench.send(new Event.PolicySeen(policy(ecs("a", 1))));
        var promised = new PodUid("uid-of-the-other");
        var slots = List.of(new Reserved.Slot(promised, 3), new Reserved.Slot(promised, 0));
        bench.onReserve = new Takeover(new Reserved("other", slots))::answer;
        bench.create(TestBench.renamed(bench.web(), "theirs", promised.value(), "default-scheduler"));

        var pod = placed();
        bench.advance(Duration.ofSeconds(15));

        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    @Test
    void aPromiseToAPodThatIsGoneDoesNotCount() {
        bench.send(new Event.PolicySeen(policy(ecs("a", 1))));
        bench.onReserve =
                new Takeover(new Reserved("other", List.of(new Reserved.Slot(new PodUid("gone"), 1))))::answer;
        var pod = placed();
        bench.advance(Duration.ofSeconds(15));
        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    @Test
    void aDisplacedProcessBindsNobodyIntoCappedUnitsButGivesNothingUp() {
        bench.send(new Event.PolicySeen(policy(acs("region-a", 9))));
        assertThat(placed().node()).hasToString("virtual-kubelet-region-a-1");
        bench.onReserve = reserve -> new ReserveAnswer.Found(new Reserved("other", List.of()));

        var pod = placed();

        assertThat(pod.node()).isNull();
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
        bench.onReserve = new Takeover(new Reserved("other", List.of()))::answer;
        bench.advance(Duration.ofSeconds(60));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aLostAnswerIsAskedForAgainAndNothingIsBoundMeanwhile() {
        bench.send(new Event.PolicySeen(policy(ecs("a", 9))));
        placed();
        bench.onReserve = reserve -> {
            bench.onReserve = bench::reserve;
            bench.reserve(reserve); // it has taken effect
            return new ReserveAnswer.Unknown("timeout");
        };
        var pod = placed();
        assertThat(pod.node()).isNull();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.nodeOf(pod)).isEqualTo("a1");
    }

    private static Policy selectingOthers(Policy policy) {
        return new Policy(
                policy.key(),
                policy.uid(),
                policy.generation(),
                policy.createdSeconds(),
                Labels.of("svc", "other"),
                policy.matchExpressions(),
                policy.strategy(),
                policy.units(),
                policy.counting(),
                policy.leaving(),
                policy.preemption(),
                policy.problem());
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
            actual = effect.wished();
            return new ReserveAnswer.Done();
        }
    }
}
