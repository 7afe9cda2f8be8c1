package dev.spillway.core.engine;

import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Room made on real nodes, and what becomes of it where the API server does not answer (E49, E50). */
class PreemptionTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    PreemptionTest() {
        bench.advance(Duration.ofSeconds(20));
    }

    private void declare(Policy.Preemption preemption) {
        bench.declare(aPolicy(ecs("a"), ecs("b")).preemption(preemption));
    }

    private Pod low() {
        return bench.placed(bench.web());
    }

    private Pod high() {
        return bench.placed(bench.web().priority(1000));
    }

    private void end(Pod pod) {
        bench.api.vanish(pod);
        bench.advance(Duration.ofSeconds(1));
    }

    private int evictions() {
        return bench.writes(ClusterWrite.Evict.class).size();
    }

    @ParameterizedTest
    @EnumSource
    void anEvictionWithoutAnswerIsSentAgain(Policy.Preemption preemption) {
        bench.node("a1", "a", 1);
        declare(preemption);
        var low = low();
        if (preemption == Policy.Preemption.BEFORE_NEXT_UNIT) {
            bench.node("b1", "b", 1);
        }
        bench.api.onEvict = evict -> new WriteAnswer.Unknown("503");
        var high = high();
        bench.advance(Duration.ofMinutes(2));
        assertThat(evictions()).isBetween(5, 20);
        assertThat(bench.nodeOf(high)).isNull();

        bench.api.onEvict = evict -> new WriteAnswer.Done();
        bench.advance(Duration.ofSeconds(16));
        assertThat(bench.current(low).deleting()).isTrue();
        int sent = evictions();
        end(low);
        assertThat(bench.nodeOf(high)).isEqualTo("a1");
        bench.advance(Duration.ofMinutes(2));
        assertThat(evictions()).isEqualTo(sent);
    }

    @Test
    void ofTwoForWhomRoomIsMadeOnANodeTheFirstTakesWhatIsThere() {
        bench.node("a1", "a", 2);
        declare(Policy.Preemption.BEFORE_NEXT_UNIT);
        low();
        low();
        bench.unanswered = effect -> effect instanceof Effect.Write(ClusterWrite.Evict _);
        var first = high();
        bench.advance(Duration.ofSeconds(2)); // older than the other one
        var second = high();
        var sent = bench.writes(ClusterWrite.Evict.class);
        assertThat(sent.stream().map(ClusterWrite.Evict::uid).distinct()).hasSize(2);

        bench.send(new Event.Written(sent.getLast(), new WriteAnswer.Unknown("503")));
        bench.send(new Event.Written(sent.getFirst(), new WriteAnswer.Done()));
        end(Objects.requireNonNull(bench.api.pods.get(sent.getFirst().uid())));
        assertThat(bench.nodeOf(first)).isEqualTo("a1");
        assertThat(bench.nodeOf(second)).isNull();
    }

    @Test
    void aPodIsNominatedOnceItsExplanationIsAnswered() { // one write about a pod at a time
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.BEFORE_NEXT_UNIT);
        low();
        bench.api.onEvict = evict -> new WriteAnswer.Unknown("503");
        bench.unanswered = effect -> effect instanceof Effect.Write(ClusterWrite.Explain _);
        high();
        bench.advance(Duration.ofMinutes(1));
        var explanations = bench.writes(ClusterWrite.Explain.class);
        assertThat(explanations).hasSize(1);
        assertThat(bench.writes(ClusterWrite.Nominate.class)).isEmpty();

        bench.send(new Event.Written(explanations.getFirst(), new WriteAnswer.Done()));
        assertThat(bench.writes(ClusterWrite.Nominate.class)).hasSize(1);
    }

    @Test
    void anEvictionThatTookEffectWithoutAnAnswerIsNotSentAgain() {
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.BEFORE_NEXT_UNIT);
        var low = low();
        bench.api.onEvict = evict -> {
            bench.delete(low);
            return new WriteAnswer.Unknown("the answer is lost");
        };
        high();
        bench.advance(Duration.ofMinutes(2));
        assertThat(evictions()).isEqualTo(1);
    }

    @Test
    void nobodyIsEvictedForAPodThatWentElsewhere() {
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.AFTER_ALL_UNITS);
        var low = low();
        bench.api.onEvict = evict -> new WriteAnswer.Unknown("503");
        var high = high();
        bench.node("b1", "b", 1);
        bench.advance(Duration.ofMillis(100));
        assertThat(bench.nodeOf(high)).isEqualTo("b1");

        bench.api.onEvict = evict -> new WriteAnswer.Done();
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.current(low).deleting()).isFalse();
    }

    @Test
    void nobodyIsEvictedFromANodeThatDoesNotTakeThePodAnyMore() {
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.BEFORE_NEXT_UNIT);
        var low = low();
        bench.api.onEvict = evict -> new WriteAnswer.Unknown("503");
        var high = high();
        bench.node(aNode("a1").pool("a").unschedulable().allocatable(Map.of("cpu", 1000L)));
        bench.node("b1", "b", 1);
        bench.api.onEvict = evict -> new WriteAnswer.Done();
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.current(low).deleting()).isFalse();
        assertThat(bench.nodeOf(high)).isEqualTo("b1");
    }

    @Test
    void aRefusedEvictionSendsThePodOn() {
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.BEFORE_NEXT_UNIT);
        low();
        bench.api.onEvict = evict -> new WriteAnswer.Refused(403, "a policy of the cluster forbids it");
        var high = high();
        bench.advance(Duration.ofSeconds(30));
        assertThat(evictions()).isEqualTo(1);
        assertThat(bench.explanation(high)).contains("cannot be evicted (403 a policy of the cluster forbids it)");

        bench.node("b1", "b", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(high)).isEqualTo("b1");
    }

    @Test
    void aRefusedEvictionIsTriedAgainOnceAMinute() {
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.AFTER_ALL_UNITS);
        var low = low();
        bench.api.onEvict = evict -> new WriteAnswer.Refused(403, "not now");
        high();
        bench.advance(Duration.ofSeconds(150));
        assertThat(evictions()).isEqualTo(3);
        bench.api.onEvict = evict -> new WriteAnswer.Done();
        bench.advance(Duration.ofSeconds(60));
        assertThat(bench.current(low).deleting()).isTrue();
    }

    @Test
    void aVictimThatEndedByItselfIsNotWaitedFor() {
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.BEFORE_NEXT_UNIT);
        var low = low();
        bench.api.onEvict = evict -> new WriteAnswer.Unknown("503");
        var high = high();
        bench.api.show(low.uid(), Pod.Phase.SUCCEEDED); // its object stays
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(high)).isEqualTo("a1");
    }

    @Test
    void twoPodsDoNotWaitForTheSameVictim() {
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.BEFORE_NEXT_UNIT);
        low();
        bench.node("b1", "b", 1);
        bench.api.onEvict =
                evict -> new WriteAnswer.Unknown("503"); // so that the first one's victim is not seen to end
        var first = high();
        var second = high();
        assertThat(bench.nodeOf(first)).isNull();
        assertThat(bench.nodeOf(second)).isEqualTo("b1");
    }

    @Test
    void aNominationWithoutAnswerIsSaidAgain() {
        bench.node("a1", "a", 1);
        declare(Policy.Preemption.BEFORE_NEXT_UNIT);
        low();
        bench.api.onWrite = write -> write instanceof ClusterWrite.Nominate
                        && bench.writes(ClusterWrite.Nominate.class).size() < 3
                ? new WriteAnswer.Unknown("503")
                : new WriteAnswer.Done();
        bench.api.onEvict = evict -> new WriteAnswer.Unknown("503");
        high();
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.writes(ClusterWrite.Nominate.class)).hasSize(3);
    }
}
