package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.after;
import static dev.spillway.core.testing.InstanceBuilder.anInstance;
import static dev.spillway.core.testing.OfferBuilder.anOffer;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
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
        bench.stock("region-a", 5);
        bench.stock("region-b", 5);
        bench.declare(aPolicy(acs("region-a"), acs("region-b")));
        bench.settle();
    }

    private Instance sold() {
        return bench.regions.instances.values().iterator().next();
    }

    @Test
    void failureReportedBeforeTheAnswerKeepsThePodFromBeingBoundToIt() { // S2
        bench.regions.onAcquire = effect -> {
            bench.regions.onAcquire = bench.regions::sell;
            var answer = bench.regions.sell(effect);
            var instance = sold();
            bench.report(after(instance).state(Instance.State.FAILED).reason("NoStock"));
            bench.regions.put(instance);
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
        bench.regions.onAcquire = effect -> {
            bench.regions.sell(effect);
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
        bench.regions.onAcquire = effect -> {
            bench.regions.onAcquire = bench.regions::sell;
            return new AcquireAnswer.Spent(new InstanceId("i-old"));
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
        bench.region(aRegion("region-c").zones("c-1", "c-2"));
        bench.declare(aPolicy(acs("region-c")).generation(2));
        bench.settle();
        bench.regions.onAcquire = effect -> new AcquireAnswer.Unknown("cut");
        bench.regions.onFind = find -> {
            var tags = bench.effects(Effect.Acquire.class).getFirst().request().tags();
            var elsewhere = anOffer("region-c").zone("c-2");
            var instance =
                    bench.regions.put(anInstance("i-9").tags(tags).of(elsewhere).build());
            return new FindAnswer.Found(instance);
        };

        var pod = bench.create(bench.web());
        bench.settle();

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-c-2");
        assertThat(bench.regions.instances).hasSize(1);
    }

    @Test
    void podBoundElsewhereWhileItsInstanceEndsGetsOneThere() { // L1
        var web = bench.web().withoutGpu();
        bench.regions.onAcquire = effect -> {
            bench.regions.onAcquire = bench.regions::sell;
            var answer = bench.regions.sell(effect);
            bench.update(web.boundTo("virtual-kubelet-region-b-1"));
            return answer;
        };

        var pod = bench.placed(web);

        assertThat(bench.asked()).containsExactly("region-a", "region-b");
        assertThat(bench.regions.instances).hasSize(1);
        assertThat(bench.current(pod).instance()).isEqualTo("i-2");
    }

    @Test
    void podThatAReadShowsBoundIsNotBoundAgainThoughTheFeedLags() { // S3
        var pod = bench.web().withoutGpu();
        bench.api.onBind = effect -> {
            var bound = pod.boundTo("virtual-kubelet-region-b-1").build();
            bench.api.pods.put(bound.uid(), bound);
            return new WriteAnswer.Conflict("bound already");
        };

        bench.placed(pod);
        bench.send(new Event.PodSeen(pod.build()));
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.effects(Effect.Bind.class)).hasSize(1);
        assertThat(bench.asked()).containsExactly("region-a", "region-b");
        assertThat(bench.regions.instances).hasSize(1);
    }

    @Test
    void regionThatAnswersAgainWithARefusalIsAskedForItsOtherOffersToo() { // L4
        bench.declare(aPolicy(acs("region-a")).generation(2));
        bench.regions.onAcquire = effect -> new AcquireAnswer.Refused(new Refusal.Unavailable("down"));
        var first = bench.create(bench.pinned());
        var other = bench.create(bench.pinned(Names.GPU_MODEL, "m2"));
        bench.settle();
        bench.regions.onAcquire = effect -> effect.request().offer().gpuModel().equals("m1")
                ? new AcquireAnswer.Refused(new Refusal.OutOfStock("no stock"))
                : bench.regions.sell(effect);

        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.nodeOf(first)).isNull();
        assertThat(bench.nodeOf(other)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void statusesOfOnePodAreSentOneAfterAnother() { // S6
        var pod = bench.create(bench.web());
        bench.settle();
        var running = after(bench.instanceOf(pod)).state(Instance.State.RUNNING).build();

        bench.report(running);
        bench.report(after(running).state(Instance.State.FAILED).reason("Error"));
        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(1);

        bench.settle();
        assertThat(bench.writes(ClusterWrite.WriteStatus.class))
                .extracting(write -> write.status().phase())
                .containsExactly(Pod.Phase.RUNNING, Pod.Phase.FAILED);
    }

    @Test
    void podWhoseEndIsWrittenGetsNoOtherInstanceThoughTheFeedLags() { // S6
        var pod = bench.create(bench.web());
        bench.settle();
        var seen = bench.current(pod);
        bench.report(pod, Instance.State.SUCCEEDED, "");
        bench.settle();

        bench.send(new Event.PodSeen(seen));
        bench.advance(Duration.ofMinutes(5));

        assertThat(bench.asked()).hasSize(1);
        assertThat(bench.regions.instances).isEmpty();
    }

    @Test
    void endThatAnotherProcessOverwroteBeforeItsAnswerWasLostIsShownAgain() { // L3
        var pod = bench.create(bench.web());
        bench.settle();
        bench.report(pod, Instance.State.RUNNING, "");
        bench.settle();
        bench.api.onStatus = write -> {
            bench.api.onStatus = again -> new WriteAnswer.Done();
            bench.api.show(write.uid(), write.status().phase());
            bench.api.show(write.uid(), Pod.Phase.RUNNING);
            return new WriteAnswer.Unknown("the connection broke");
        };

        bench.report(pod, Instance.State.FAILED, "Error");
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
    }

    @Test
    void endThatAnotherProcessWroteAndALateWriteUndidIsShownAgain() { // S6, L3
        var pod = bench.create(bench.web());
        bench.settle();

        bench.api.show(pod.uid(), Pod.Phase.FAILED);
        bench.api.show(pod.uid(), Pod.Phase.PENDING);
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(bench.regions.instances).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "RUNNING"})
    void podThatAnotherProcessBoundToAnEndedInstanceIsLostAndGetsNoSecondOne(Pod.Phase phase) { // S1, S5
        bench.regions.onAcquire = effect -> {
            bench.regions.onAcquire = bench.regions::sell;
            bench.regions.sell(effect);
            var instance = sold();
            var pod = bench.api.pods.values().iterator().next();
            bench.update(bench.like(pod)
                    .boundTo("virtual-kubelet-region-a-1")
                    .annotation(Names.INSTANCE_ID, instance.id().value())
                    .phase(phase));
            return new AcquireAnswer.Spent(instance.id());
        };

        var pod = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.asked()).hasSize(1);
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
    }

    @Test
    void podThatAnotherProcessBoundToAnEndedInstanceNamesTheOneThatItGetsInstead() { // S4
        bench.regions.onAcquire = first -> {
            bench.regions.onAcquire = second -> {
                var pod = bench.api.pods.values().iterator().next();
                bench.update(
                        bench.like(pod).boundTo("virtual-kubelet-region-a-1").annotation(Names.INSTANCE_ID, "i-old"));
                return bench.regions.sell(second);
            };
            return new AcquireAnswer.Spent(new InstanceId("i-old"));
        };

        var pod = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.regions.instances).hasSize(1);
        assertThat(bench.current(pod).instance()).isEqualTo(sold().id().value());
    }

    @Test
    void podWhoseNextInstanceOfAnotherProcessWasReportedIsNotLost() { // S5
        var pod = bench.create(bench.web());
        bench.settle();
        var first = sold();
        bench.report(pod, Instance.State.RUNNING, "");
        var next = anInstance("i-next")
                .tags(first.tags())
                .incarnation(first.tags().incarnation() + 1)
                .in(Instance.State.RUNNING)
                .build();

        bench.report(next);
        bench.report(pod, Instance.State.GONE, "");
        bench.regions.instances.remove(first.id());
        bench.settle();
        assertThat(bench.current(pod).phase()).isNotEqualTo(Pod.Phase.FAILED);

        bench.update(bench.like(bench.current(pod))
                .annotation(Names.INSTANCE_ID, next.id().value()));
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        assertThat(bench.regions.instances.keySet()).containsExactly(next.id());
    }

    /** The report of its failure was lost, or went to another process. */
    @Test
    void instanceThatIsGoneForWantOfStockIsAskedForAgain() { // E54, S5
        bench.regions.restock("region-a", 1);
        var pod = bench.create(bench.web());
        bench.settle();
        var first = sold();

        bench.report(pod, Instance.State.GONE, "NoStock");
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.current(pod).phase()).isNotEqualTo(Pod.Phase.FAILED);
        assertThat(bench.regions.instances).doesNotContainKey(first.id()).hasSize(1);
    }
}
