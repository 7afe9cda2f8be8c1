package dev.spillway.core.engine;

import static dev.spillway.core.engine.TestBench.acs;
import static dev.spillway.core.engine.TestBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Capacity that we free ourselves is known to be free: nobody waits for the end of a cool-down. */
class FreedCapacityTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    private void declare(Policy policy) {
        bench.send(new Event.PolicySeen(policy));
        bench.settle();
    }

    private Pod created() {
        var pod = bench.create(bench.web());
        bench.settle();
        return pod;
    }

    /** The region gets back what the pod's instance took up, when it is gone. */
    private void delete(Pod pod) {
        bench.stock.merge("region-a", 1, Integer::sum);
        bench.delete(pod);
        bench.settle();
    }

    @Test
    void thePodThatWaitsGetsTheRoomOfTheOneThatLeft() {
        bench.stock.put("region-a", 2);
        declare(policy(acs("region-a")));
        var first = created();
        created();
        var third = created();
        bench.advance(Duration.ofMinutes(10)); // the cool-down is minutes long by now
        assertThat(bench.nodeOf(third)).isNull();

        delete(first);

        assertThat(bench.nodeOf(third)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aNewPodGoesToTheUnitThatHasRoomAgain() {
        bench.stock.put("region-a", 1);
        bench.stock.put("region-b", 9);
        declare(policy(acs("region-a"), acs("region-b")));
        var first = created();
        assertThat(bench.nodeOf(created())).isEqualTo("virtual-kubelet-region-b-1");

        delete(first);

        assertThat(bench.nodeOf(created())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void asManyMayTryAsLeft() {
        bench.stock.put("region-a", 5);
        bench.stock.put("region-b", 9);
        declare(policy(acs("region-a"), acs("region-b")));
        var old = java.util.stream.Stream.generate(this::created).limit(5).toList();
        created();
        bench.stock.merge("region-a", 5, Integer::sum);
        old.forEach(bench::delete);
        bench.settle();

        for (int i = 0; i < 5; i++) {
            bench.create(bench.web());
        }
        bench.settle();

        assertThat(bench.pods.values().stream()
                        .filter(pod -> pod.node() != null && pod.node().value().equals("virtual-kubelet-region-a-1")))
                .hasSize(5);
    }

    @Test
    void aPodThatEndedByItselfLeavesRoomToo() {
        bench.stock.put("region-a", 1);
        declare(policy(acs("region-a")));
        var first = created();
        var second = created();
        bench.stock.put("region-a", 1);

        bench.report(TestBench.in(bench.instanceOf(first), Instance.State.SUCCEEDED, ""));
        bench.settle();

        assertThat(bench.nodeOf(second)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void whatTheRegionNeverHadIsNotFreed() {
        bench.stock.put("region-a", 1);
        declare(policy(acs("region-a")));
        var first = created();
        created();
        int asked = bench.asked().size();

        bench.report(TestBench.in(bench.instanceOf(first), Instance.State.FAILED, "NoStock"));
        bench.settle();

        // The pod itself asks again in its place, when the offer's time is over and not before.
        assertThat(bench.asked()).hasSize(asked);
    }
}
