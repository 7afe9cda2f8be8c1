package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.after;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A region that keeps what has ended: as on a node, a pod's logs can be read until the pod is deleted. */
class KeptInstancesTest {
    private static final String ID = "region-a";

    private final TestBench bench = new TestBench().withTwoRegions();

    @BeforeEach
    void keeps() {
        var capabilities = new Capabilities(Duration.ZERO, new Resources(1_000_000, 1L << 40, 1000), true);
        bench.send(new Event.BackendOpened(new RegionId(ID), capabilities));
    }

    private Pod ended() {
        bench.regions.restock(ID, 1);
        var pod = bench.placed(bench.pinned());
        bench.report(pod, Instance.State.RUNNING, "");
        var was = bench.instanceOf(pod);
        var end = TestBench.START.plusSeconds(7);
        bench.report(after(was)
                .in(Instance.State.SUCCEEDED)
                .finished(end)
                .containers(new ContainerReport("nginx", was.startedAt(), end, 0, "")));
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.SUCCEEDED);
        return pod;
    }

    @Test
    void anInstanceThatHasEndedIsKeptUntilItsPodIsDeleted() {
        var pod = ended();
        assertThat(bench.effects(Effect.Terminate.class)).isEmpty();

        bench.delete(pod);
        bench.settle();
        assertThat(bench.effects(Effect.Terminate.class)).hasSize(1);
    }

    @Test
    void aPodThatHasEndedDoesNotFailWhenWhatWasKeptIsGone() {
        var pod = ended();
        int before = bench.writes(ClusterWrite.WriteStatus.class).size();

        bench.report(pod, Instance.State.GONE, "");
        bench.settle();

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.SUCCEEDED);
        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(before);
    }
}
