package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.testing.PolicyBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pods that are deleted while a region is asked for them, or while they are being bound: nothing is bought for what is going. */
class DeletedWhileAskedTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    DeletedWhileAskedTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.stock("region-b", 9);
    }

    private void declare(PolicyBuilder policy) {
        bench.declare(policy);
        bench.settle();
    }

    @Test
    void whatARegionWasAskedForCountsUntilItsAnswer() {
        declare(aPolicy(acs("region-b").max(1)));
        var asked = bench.create(bench.web());
        var waiting = List.of(bench.create(bench.web()), bench.create(bench.web()));

        bench.delete(asked); // one scale-in deletes all three, and each is heard of on its own
        bench.delete(waiting.getFirst());
        bench.delete(waiting.getLast());
        bench.settle();

        assertThat(bench.asked()).hasSize(1);
        assertThat(bench.regions.instances).isEmpty();
        assertThat(bench.placed(bench.web()).node()).hasToString("virtual-kubelet-region-b-1");
    }

    @Test
    void theAnswerForADeletedPodLetsTheNextOneIn() {
        declare(aPolicy(acs("region-b").max(1)));
        bench.regions.onAcquire = acquire -> new AcquireAnswer.Unknown("timeout");
        var asked = bench.create(bench.web());
        var next = bench.create(bench.web());
        bench.settle();
        bench.regions.onAcquire = bench.regions::sell;
        bench.delete(asked);
        bench.settle();
        assertThat(bench.asked()).hasSize(1);

        bench.advance(Duration.ofSeconds(30)); // the region says that it has made nothing

        assertThat(bench.nodeOf(next)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void aBindingInFlightOfADeletedPodHoldsNoSlot() {
        bench.node("a1", "a", 4);
        declare(aPolicy(ecs("a").max(1)));
        bench.api.onBind = bind -> new WriteAnswer.Gone();
        var pod = bench.create(bench.web());
        bench.delete(pod);
        bench.api.onBind = bench.api::bind;
        bench.settle();
        assertThat(bench.placed(bench.web()).node()).hasToString("a1");
    }
}
