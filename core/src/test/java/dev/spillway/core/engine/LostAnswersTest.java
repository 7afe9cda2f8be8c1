package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A lost answer is never a refusal (R22.4), and nothing leaks (P3). */
class LostAnswersTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    LostAnswersTest() {
        bench.stock.put("region-a", 5);
        bench.stock.put("region-b", 5);
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        bench.settle();
    }

    @Test
    void podStaysWithTheRegionUntilARead() {
        bench.onAcquire = effect -> new AcquireAnswer.Unknown("timed out");
        bench.onFind = find -> new FindAnswer.Unknown("timed out");
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(5));
        assertThat(bench.asked()).containsExactly("region-a");
        assertThat(bench.explanation(pod)).contains("gave no usable answer (timed out)");
    }

    @Test
    void instanceFoundAfterALostAnswerIsBound() {
        bench.onAcquire = effect -> {
            bench.sell(effect);
            return new AcquireAnswer.Unknown("cut");
        };
        var pod = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.instances).hasSize(1);
    }

    @Test
    void nothingFoundLetsThePodGoOn() {
        bench.onAcquire = effect ->
                effect.region().value().equals("region-a") ? new AcquireAnswer.Unknown("cut") : bench.sell(effect);
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void podDeletedWhileAskingEndsItsInstance() { // F35
        bench.onAcquire = effect -> new AcquireAnswer.Unknown("cut");
        bench.onFind = find -> new FindAnswer.Unknown("cut");
        var pod = bench.create(bench.web());
        bench.settle();
        bench.delete(pod);
        bench.onFind = find -> {
            var acquire = bench.effects(Effect.Acquire.class).getFirst();
            bench.sell(acquire);
            return new FindAnswer.Found(bench.instances.values().iterator().next());
        };
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.instances).isEmpty();
    }

    @Test
    void bindingWhoseAnswerIsLostIsReadBack() { // F6
        bench.onBind = effect -> {
            bench.bind(effect);
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
        bench.onBind = effect -> new WriteAnswer.Refused(403, "forbidden");
        bench.create(bench.web());
        bench.advance(Duration.ofSeconds(50));
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();
        bench.advance(Duration.ofSeconds(30));
        assertThat(bench.effects(Effect.Terminate.class)).isNotEmpty();
    }

    @Test
    void podBoundElsewhereEndsTheInstance() { // F24
        bench.onBind = effect -> {
            var pod = bench.pods.get(effect.binding().uid());
            if (pod != null) {
                bench.update(pod.bound(
                        new dev.spillway.core.model.NodeName("real-1"),
                        dev.spillway.core.model.Labels.empty(),
                        dev.spillway.core.model.Labels.empty()));
            }
            return new WriteAnswer.Conflict("bound already");
        };
        bench.create(bench.web());
        bench.settle();
        assertThat(bench.instances).isEmpty();
    }

    @Test
    void spentTokenRaisesTheIncarnation() {
        bench.onAcquire = effect -> effect.request().tags().incarnation() == 0
                ? new AcquireAnswer.Spent(new dev.spillway.core.model.InstanceId("i-old"))
                : bench.sell(effect);
        var pod = bench.create(bench.web());
        bench.settle();
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.instanceOf(pod).tags().incarnation()).isEqualTo(1);
    }

    @Test
    void lostRegionEndsTheWait() {
        bench.onAcquire = effect ->
                effect.region().value().equals("region-a") ? new AcquireAnswer.Unknown("cut") : bench.sell(effect);
        bench.onFind = find -> new FindAnswer.Unknown("cut");
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.nodeOf(pod)).isNull();

        var a = TestBench.regionOf("region-a", true);
        bench.send(new Event.RegionSeen(
                new dev.spillway.core.region.Region(
                        a.id(), 2, 0, true, a.zones(), a.offers(), a.allowedNamespaces(), true, 10, a.backend()),
                ""));
        bench.settle();

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void vanishedInstanceFailsThePodAfterADoubleCheck() { // F39
        var pod = bench.create(bench.web());
        bench.settle();
        var instance = bench.instanceOf(pod);
        bench.report(TestBench.in(instance, Instance.State.RUNNING, ""));
        bench.settle();
        bench.report(TestBench.in(bench.instanceOf(pod), Instance.State.GONE, ""));
        bench.instances.remove(instance.id());
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(dev.spillway.core.model.Pod.Phase.FAILED);
        assertThat(bench.effects(Effect.Describe.class)).isNotEmpty();
    }
}
