package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.aUnit;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Resources;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What pods are told while they wait, and how soon. */
class WaitingTextsTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    private List<ClusterWrite> saidOf(Pod pod) {
        return bench.writes(ClusterWrite.class).stream()
                .filter(write -> (write instanceof ClusterWrite.Explain explain
                                && explain.uid().equals(pod.uid()))
                        || (write instanceof ClusterWrite.Announce announce
                                && announce.uid().equals(pod.uid()))
                        || (write instanceof ClusterWrite.WriteStatus status
                                && status.uid().equals(pod.uid())))
                .toList();
    }

    private void answerAll() {
        bench.unanswered = effect -> false;
        bench.effects(Effect.Acquire.class)
                .forEach(ask -> bench.send(new Event.AcquireAnswered(ask, bench.regions.onAcquire.apply(ask))));
        bench.settle();
    }

    @Test
    void aPodWhoseRegionTakesItsTimeIsToldWhomWasAskedForWhatAndWhen() {
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.unanswered = effect -> effect instanceof Effect.Acquire;
        var pod = bench.create(bench.web());

        bench.advance(Duration.ofSeconds(3));

        assertThat(saidOf(pod))
                .singleElement()
                .isEqualTo(new ClusterWrite.Explain(
                        pod.key(),
                        pod.uid(),
                        "0/2 units can take the pod now. unit 1 (acs region-a gpu/default/m1): Asked: region region-a"
                                + " was asked for gpu/default/m1 in zone region-a-1 at 2026-01-01T00:00:00Z and has not"
                                + " answered yet. unit 2 (acs region-b gpu/default/m1): NotReached: not tried before the"
                                + " units above have answered."));
    }

    @Test
    void aLongWaitForAnAnswerIsOneWriteAndNoEvent() {
        bench.declare(aPolicy(acs("region-a")));
        bench.unanswered = effect -> effect instanceof Effect.Acquire;
        var pod = bench.create(bench.web());

        bench.advance(Duration.ofMinutes(2));

        assertThat(saidOf(pod)).hasSize(1);
    }

    @Test
    void anAnswerWithinASecondCostsNoWrite() {
        bench.stock("region-a", 1);
        bench.unanswered = effect -> effect instanceof Effect.Acquire;
        var pod = bench.create(bench.pinned());
        bench.advance(Duration.ofSeconds(1));

        answerAll();
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.writes(ClusterWrite.Explain.class)).isEmpty();
    }

    @Test
    void whatBecameOfASlowAnswerIsToldWithinSeconds() {
        bench.unanswered = effect -> effect instanceof Effect.Acquire;
        var pod = bench.create(bench.pinned());
        bench.advance(Duration.ofSeconds(3));

        answerAll();
        bench.advance(Duration.ofSeconds(2));

        assertThat(bench.explanation(pod)).startsWith("SoldOut: gpu/default/m1 is sold out in zone region-a-1");
    }

    @Test
    void newsIsToldSoonOnceAndThenEveryTenSeconds() {
        bench.declare(aPolicy(ecs("a")));
        bench.create(bench.web());
        bench.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 30; i++) {
            bench.node("n" + i, "a", 0);
            bench.advance(Duration.ofSeconds(1));
        }

        assertThat(bench.writes(ClusterWrite.Explain.class)).hasSizeBetween(3, 5);
    }

    @Test
    void aPodThatNoNodeHasRoomForIsToldHowMuchItAsksForAndHowMuchThereIs() {
        bench.node("n1", "a", 1);
        bench.node("n2", "a", 3);
        bench.declare(aPolicy(ecs("a")));
        bench.create(2, bench::web); // they leave n1 none and n2 two, or one each
        bench.settle();

        var big = bench.placed(bench.web().requests(new Resources(1000, 1 << 30, 4)));

        assertThat(bench.explanation(big))
                .contains(
                        "none of 2 nodes takes the pod:",
                        "2 Insufficient nvidia.com/gpu (it asks for 4, the best node has");
    }

    private Pod bound(PodBuilder pod) {
        var bound = bench.create(pod.boundTo("virtual-kubelet-region-a-1"));
        bench.advance(Duration.ofMinutes(1));
        return bound;
    }

    private PodStatus.Created created() {
        return bench.writes(ClusterWrite.WriteStatus.class).getLast().status().created();
    }

    @Test
    void aGpuPodWithoutGpuClassThatOthersBoundGetsNoInstanceAndIsToldWhatToAdd() {
        bench.stock("region-a", 5);

        bound(bench.pod());

        assertThat(bench.asked()).isEmpty();
        assertThat(created().status()).isFalse();
        assertThat(created().message())
                .startsWith("GpuClassMissing: the pod requests nvidia.com/gpu")
                .contains("alibabacloud.com/compute-class: gpu", "alibabacloud.com/gpu-model-series");
    }

    @Test
    void aGpuPodOfAUnitWithoutGpuClassGetsNoInstanceThereAndGoesOn() {
        bench.stock("region-a", 5);
        bench.stock("region-b", 5);
        var bare = aUnit(Unit.Resource.ACS).nodeSelector(Names.REGION, "region-a");
        bench.declare(aPolicy(bare, acs("region-b")));

        var pod = bench.create(bench.web());
        bench.settle();

        assertThat(bench.asked()).containsExactly("region-b");
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aBoundPodThatNoRegionCanRunGetsOneEventAndIsNeverFailed() {
        var blocked = bound(bench.pinned()
                .annotation(Names.FAIL_STRATEGY, "fail-fast")
                .scheduler("default-scheduler")
                .regionBlockers("hostPath"));

        assertThat(saidOf(blocked))
                .singleElement()
                .isInstanceOfSatisfying(
                        ClusterWrite.Announce.class,
                        said -> assertThat(said.announcement().message())
                                .isEqualTo("CannotRun: no region can run a pod that uses hostPath."));
        assertThat(bench.current(blocked).phase()).isEqualTo(Pod.Phase.PENDING);
    }

    @Test
    void aBoundPodWhoseRegionTakesItsTimeIsToldSo() {
        bench.unanswered = effect -> effect instanceof Effect.Acquire;

        bound(bench.pinned());

        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(1);
        assertThat(created().reason()).isEqualTo("Creating");
        assertThat(created().message()).startsWith("Asked: region region-a was asked for gpu/default/m1");
    }
}
