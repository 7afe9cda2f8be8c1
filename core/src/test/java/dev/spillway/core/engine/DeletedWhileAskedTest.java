package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.ecs;
import static dev.spillway.core.engine.TestBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pods that are deleted while a region is asked for them, or while they are being bound: nothing is bought for what is going. */
class DeletedWhileAskedTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    DeletedWhileAskedTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.stock.put("region-b", 9);
    }

    private void declare(Policy policy) {
        bench.send(new Event.PolicySeen(policy));
        bench.settle();
    }

    private Pod placed(Pod pod) {
        bench.create(pod);
        bench.settle();
        return bench.current(pod);
    }

    @Test
    void whatARegionWasAskedForCountsUntilItsAnswer() {
        declare(policy(acs("region-b", 1)));
        var asked = bench.create(bench.web());
        var waiting = List.of(bench.create(bench.web()), bench.create(bench.web()));

        bench.delete(asked); // one scale-in deletes all three, and each is heard of on its own
        bench.delete(waiting.getFirst());
        bench.delete(waiting.getLast());
        bench.settle();

        assertThat(bench.asked()).hasSize(1);
        assertThat(bench.instances).isEmpty();
        assertThat(placed(bench.web()).node()).hasToString("virtual-kubelet-region-b-1");
    }

    @Test
    void theAnswerForADeletedPodLetsTheNextOneIn() {
        declare(policy(acs("region-b", 1)));
        bench.onAcquire = acquire -> new AcquireAnswer.Unknown("timeout");
        var asked = bench.create(bench.web());
        var next = bench.create(bench.web());
        bench.settle();
        bench.onAcquire = bench::sell;
        bench.delete(asked);
        bench.settle();
        assertThat(bench.asked()).hasSize(1);

        bench.advance(Duration.ofSeconds(30)); // the region says that it has made nothing

        assertThat(bench.nodeOf(next)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aBindingInFlightOfADeletedPodHoldsNoSlot() {
        bench.node("a1", "a", 4);
        declare(policy(ecs("a", 1)));
        bench.onBind = bind -> new WriteAnswer.Gone();
        var pod = bench.create(bench.web());
        bench.delete(pod);
        bench.onBind = bench::bind;
        bench.settle();
        assertThat(placed(bench.web()).node()).hasToString("a1");
    }
}
