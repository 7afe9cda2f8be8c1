package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.port.Instance;
import dev.spillway.core.testing.PolicyBuilder;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Capacity that we free ourselves is known to be free: nobody waits for the end of a cool-down. */
class FreedCapacityTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    private void declare(PolicyBuilder policy) {
        bench.declare(policy);
        bench.settle();
    }

    private Pod created() {
        return bench.placed(bench.web());
    }

    /** The region gets back what the pod's instance took up, when it is gone. */
    private void delete(Pod pod) {
        bench.regions.restock("region-a", 1);
        bench.delete(pod);
        bench.settle();
    }

    @Test
    void thePodThatWaitsGetsTheRoomOfTheOneThatLeft() {
        bench.stock("region-a", 2);
        declare(aPolicy(acs("region-a")));
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
        bench.stock("region-a", 1);
        bench.stock("region-b", 9);
        declare(aPolicy(acs("region-a"), acs("region-b")));
        var first = created();
        assertThat(bench.nodeOf(created())).isEqualTo("virtual-kubelet-region-b-1");

        delete(first);

        assertThat(bench.nodeOf(created())).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void asManyMayTryAsLeft() {
        bench.stock("region-a", 5);
        bench.stock("region-b", 9);
        declare(aPolicy(acs("region-a"), acs("region-b")));
        var old = Stream.generate(this::created).limit(5).toList();
        created();
        bench.regions.restock("region-a", 5);
        old.forEach(bench::delete);
        bench.settle();

        bench.create(5, bench::web);
        bench.settle();

        assertThat(bench.api.pods.values().stream()
                        .filter(pod -> pod.node() != null && pod.node().value().equals("virtual-kubelet-region-a-1")))
                .hasSize(5);
    }

    @Test
    void aPodThatEndedByItselfLeavesRoomToo() {
        bench.stock("region-a", 1);
        declare(aPolicy(acs("region-a")));
        var first = created();
        var second = created();
        bench.stock("region-a", 1);

        bench.report(first, Instance.State.SUCCEEDED, "");
        bench.settle();

        assertThat(bench.nodeOf(second)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void whatTheRegionNeverHadIsNotFreed() {
        bench.stock("region-a", 1);
        declare(aPolicy(acs("region-a")));
        var first = created();
        created();
        int asked = bench.asked().size();

        bench.report(first, Instance.State.FAILED, "NoStock");
        bench.settle();

        // The pod itself asks again in its place, when the offer's time is over and not before.
        assertThat(bench.asked()).hasSize(asked);
    }
}
