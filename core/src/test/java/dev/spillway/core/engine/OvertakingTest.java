package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.in;
import static dev.spillway.core.engine.TestBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers, reports and other people's deeds that come in another order than they happened. */
class OvertakingTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    OvertakingTest() {
        bench.stock.put("region-a", 5);
        bench.stock.put("region-b", 5);
        bench.send(new Event.PolicySeen(policy(acs("region-a"), acs("region-b"))));
        bench.settle();
    }

    private Instance sold() {
        return bench.instances.values().iterator().next();
    }

    @Test
    void failureReportedBeforeTheAnswerKeepsThePodFromBeingBoundToIt() { // S2
        bench.onAcquire = effect -> {
            bench.onAcquire = bench::sell;
            var answer = bench.sell(effect);
            var instance = sold();
            bench.report(in(instance, Instance.State.FAILED, "NoStock"));
            bench.instances.put(instance.id(), instance);
            return answer;
        };

        var pod = bench.create(bench.web());
        bench.settle();

        assertThat(bench.effects(Effect.Bind.class))
                .extracting(bind -> bind.binding().annotations().get(Names.INSTANCE_ID))
                .containsExactly("i-2");
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void reportIsAsGoodAsTheAnswerThatIsLost() {
        bench.onAcquire = effect -> {
            bench.sell(effect);
            bench.report(sold());
            return new AcquireAnswer.Unknown("cut");
        };

        var pod = bench.create(bench.web());
        bench.settle();

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.effects(Effect.Find.class)).isEmpty();
    }

    @Test
    void spentTokenIsFollowedByTheNextOneOnlyWhenItsInstanceIsGone() { // S1
        bench.onAcquire = effect -> {
            bench.onAcquire = bench::sell;
            return new AcquireAnswer.Spent(
                    TestBench.instance(effect.request().tags(), "i-old").id());
        };

        var pod = bench.create(bench.web());
        bench.settle();

        var asked = bench.effects(Effect.Acquire.class);
        var ended = bench.effects(Effect.Terminate.class).getFirst();
        assertThat(asked).extracting(a -> a.request().tags().incarnation()).containsExactly(0, 1);
        assertThat(bench.log.indexOf(ended))
                .isBetween(bench.log.indexOf(asked.get(0)), bench.log.indexOf(asked.get(1)));
        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void instanceThatAnotherProcessGotInAnotherZoneIsBoundWhereItIs() { // S2, two processes with one token
        bench.region("region-c", false, "c-1", "c-2");
        bench.send(new Event.PolicySeen(policy("p", 2, acs("region-c"))));
        bench.settle();
        bench.onAcquire = effect -> new AcquireAnswer.Unknown("cut");
        bench.onFind = find -> {
            var tags = bench.effects(Effect.Acquire.class).getFirst().request().tags();
            var there = tags.offer();
            var elsewhere = new Offer(
                    there.region(),
                    new ZoneId("c-2"),
                    there.computeClass(),
                    there.computeQos(),
                    there.gpuModel(),
                    there.spot());
            var instance = TestBench.instance(
                    new Tags(
                            tags.clusterId(),
                            tags.podUid(),
                            tags.pod(),
                            elsewhere,
                            tags.policy(),
                            tags.generation(),
                            tags.unit(),
                            tags.incarnation()),
                    "i-9");
            bench.instances.put(instance.id(), instance);
            return new FindAnswer.Found(instance);
        };

        var pod = bench.create(bench.web());
        bench.settle();

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-c-2");
        assertThat(bench.instances).hasSize(1);
    }

    @Test
    void podBoundElsewhereWhileItsInstanceEndsGetsOneThere() { // L1
        var pod = TestBench.withoutGpu(bench.web());
        bench.onAcquire = effect -> {
            bench.onAcquire = bench::sell;
            var answer = bench.sell(effect);
            bench.update(pod.bound(new NodeName("virtual-kubelet-region-b-1"), Labels.empty(), Labels.empty()));
            return answer;
        };

        bench.create(pod);
        bench.settle();

        assertThat(bench.asked()).containsExactly("region-a", "region-b");
        assertThat(bench.instances).hasSize(1);
        assertThat(bench.current(pod).instance()).isEqualTo("i-2");
    }

    @Test
    void podThatAReadShowsBoundIsNotBoundAgainThoughTheFeedLags() { // S3
        var pod = TestBench.withoutGpu(bench.web());
        bench.onBind = effect -> {
            bench.pods.put(
                    pod.uid(), pod.bound(new NodeName("virtual-kubelet-region-b-1"), Labels.empty(), Labels.empty()));
            return new WriteAnswer.Conflict("bound already");
        };

        bench.create(pod);
        bench.settle();
        bench.send(new Event.PodSeen(pod));
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.effects(Effect.Bind.class)).hasSize(1);
        assertThat(bench.asked()).containsExactly("region-a", "region-b");
        assertThat(bench.instances).hasSize(1);
    }

    @Test
    void regionThatAnswersAgainWithARefusalIsAskedForItsOtherOffersToo() { // L4
        bench.send(new Event.PolicySeen(policy("p", 2, acs("region-a"))));
        bench.onAcquire = effect -> new AcquireAnswer.Refused(new Refusal.Unavailable("down"));
        var first = bench.create(bench.pinned());
        var other = bench.create(bench.pinned(Names.GPU_MODEL, "m2"));
        bench.settle();
        bench.onAcquire = effect -> effect.request().offer().gpuModel().equals("m1")
                ? new AcquireAnswer.Refused(new Refusal.OutOfStock("no stock"))
                : bench.sell(effect);

        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.nodeOf(first)).isNull();
        assertThat(bench.nodeOf(other)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void statusesOfOnePodAreSentOneAfterAnother() { // S6
        var pod = bench.create(bench.web());
        bench.settle();
        var running = in(bench.instanceOf(pod), Instance.State.RUNNING, "");

        bench.report(running);
        bench.report(in(running, Instance.State.FAILED, "Error"));
        assertThat(bench.effects(Effect.WriteStatus.class)).hasSize(1);

        bench.settle();
        assertThat(bench.effects(Effect.WriteStatus.class))
                .extracting(write -> write.status().phase())
                .containsExactly(Pod.Phase.RUNNING, Pod.Phase.FAILED);
    }

    @Test
    void podWhoseEndIsWrittenGetsNoOtherInstanceThoughTheFeedLags() { // S6
        var pod = bench.create(bench.web());
        bench.settle();
        var seen = bench.current(pod);
        bench.report(in(bench.instanceOf(pod), Instance.State.SUCCEEDED, ""));
        bench.settle();

        bench.send(new Event.PodSeen(seen));
        bench.advance(Duration.ofMinutes(5));

        assertThat(bench.asked()).hasSize(1);
        assertThat(bench.instances).isEmpty();
    }

    @Test
    void endThatAnotherProcessOverwroteBeforeItsAnswerWasLostIsShownAgain() { // L3
        var pod = bench.create(bench.web());
        bench.settle();
        bench.report(in(bench.instanceOf(pod), Instance.State.RUNNING, ""));
        bench.settle();
        bench.onStatus = write -> {
            bench.onStatus = again -> new WriteAnswer.Done();
            bench.show(write.uid(), write.status().phase());
            bench.show(write.uid(), Pod.Phase.RUNNING);
            return new WriteAnswer.Unknown("the connection broke");
        };

        bench.report(in(bench.instanceOf(pod), Instance.State.FAILED, "Error"));
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
    }

    @Test
    void endThatAnotherProcessWroteAndALateWriteUndidIsShownAgain() { // S6, L3
        var pod = bench.create(bench.web());
        bench.settle();

        bench.show(pod.uid(), Pod.Phase.FAILED);
        bench.show(pod.uid(), Pod.Phase.PENDING);
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(bench.instances).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "RUNNING"})
    void podThatAnotherProcessBoundToAnEndedInstanceIsLostAndGetsNoSecondOne(Pod.Phase phase) { // S1, S5
        bench.onAcquire = effect -> {
            bench.onAcquire = bench::sell;
            bench.sell(effect);
            var instance = sold();
            var pod = bench.pods.values().iterator().next();
            bench.update(pod.bound(
                            new NodeName("virtual-kubelet-region-a-1"),
                            Labels.empty(),
                            Labels.of(Names.INSTANCE_ID, instance.id().value()))
                    .in(phase));
            return new AcquireAnswer.Spent(instance.id());
        };

        var pod = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.asked()).hasSize(1);
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
    }
}
