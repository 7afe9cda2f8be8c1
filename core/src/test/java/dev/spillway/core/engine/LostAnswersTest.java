package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Pod;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A lost answer is never a refusal (R22.4), and nothing leaks (P3). */
class LostAnswersTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    LostAnswersTest() {
        bench.stock("region-a", 5);
        bench.stock("region-b", 5);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.settle();
    }

    @Test
    void podStaysWithTheRegionUntilARead() {
        bench.regions.onAcquire = effect -> new AcquireAnswer.Unknown("timed out");
        bench.regions.onFind = find -> new FindAnswer.Unknown("timed out");
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(5));
        assertThat(bench.asked()).containsExactly("region-a");
        assertThat(bench.explanation(pod)).contains("gave no usable answer (timed out)");
    }

    @Test
    void instanceFoundAfterALostAnswerIsBound() {
        bench.regions.onAcquire = effect -> {
            bench.regions.sell(effect);
            return new AcquireAnswer.Unknown("cut");
        };
        var pod = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.regions.instances).hasSize(1);
    }

    @Test
    void nothingFoundLetsThePodGoOn() {
        bench.regions.onAcquire = effect -> effect.region().value().equals("region-a")
                ? new AcquireAnswer.Unknown("cut")
                : bench.regions.sell(effect);
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void podDeletedWhileAskingEndsItsInstance() { // F35
        bench.regions.onAcquire = effect -> new AcquireAnswer.Unknown("cut");
        bench.regions.onFind = find -> new FindAnswer.Unknown("cut");
        var pod = bench.create(bench.web());
        bench.settle();
        bench.delete(pod);
        bench.regions.onFind = find -> {
            var acquire = bench.effects(Effect.Acquire.class).getFirst();
            bench.regions.sell(acquire);
            return new FindAnswer.Found(
                    bench.regions.instances.values().iterator().next());
        };
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void bindingWhoseAnswerIsLostIsReadBack() { // F6
        bench.api.onBind = effect -> {
            bench.api.bind(effect);
            return new WriteAnswer.Unknown("cut");
        };
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.effects(Effect.Bind.class)).hasSize(1);
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
    }

    @Test
    void podThatCannotBeBoundLetsItsInstanceGoAfterHold() {
        bench.api.onBind = effect -> new WriteAnswer.Refused(403, "forbidden");
        bench.create(bench.web());
        bench.advance(Duration.ofSeconds(50));
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
        bench.advance(Duration.ofSeconds(30));
        assertThat(bench.effects(Effect.Terminate.class)).isNotEmpty();
    }

    @Test
    void podBoundElsewhereEndsTheInstance() { // F24
        bench.api.onBind = effect -> {
            var pod = bench.api.pods.get(effect.binding().uid());
            if (pod != null) {
                bench.update(bench.like(pod).boundTo("real-1"));
            }
            return new WriteAnswer.Conflict("bound already");
        };
        bench.create(bench.web());
        bench.settle();
        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void spentTokenRaisesTheIncarnation() {
        bench.regions.onAcquire = effect -> effect.request().tags().incarnation() == 0
                ? new AcquireAnswer.Spent(new InstanceId("i-old"))
                : bench.regions.sell(effect);
        var pod = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.instanceOf(pod).tags().incarnation()).isEqualTo(1);
    }

    @Test
    void lostRegionEndsTheWait() {
        bench.regions.onAcquire = effect -> effect.region().value().equals("region-a")
                ? new AcquireAnswer.Unknown("cut")
                : bench.regions.sell(effect);
        bench.regions.onFind = find -> new FindAnswer.Unknown("cut");
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.nodeOf(pod)).isNull();

        bench.declare(aRegion("region-a").asDefault().generation(2).lost());
        bench.settle();

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void vanishedInstanceFailsThePodAfterADoubleCheck() { // F39
        var pod = bench.create(bench.web());
        bench.settle();
        var instance = bench.instanceOf(pod);
        bench.report(pod, Instance.State.RUNNING, "");
        bench.settle();
        bench.report(pod, Instance.State.GONE, "");
        bench.regions.instances.remove(instance.id());
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(bench.effects(Effect.Describe.class)).isNotEmpty();
    }
}
