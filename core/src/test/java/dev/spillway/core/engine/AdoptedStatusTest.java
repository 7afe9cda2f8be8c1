package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.after;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process that takes over writes onto running pods whose region tells the whole status: what they do not show yet. */
class AdoptedStatusTest {
    private static final long DETAIL = 4711;
    private static final ReadinessGate UNMET = new ReadinessGate("example.com/traffic", "False");

    private final TestBench bench = new TestBench();

    /** Writes of the pod's status by a process that takes over and finds it so. */
    private List<ClusterWrite.WriteStatus> writtenWhenItShows(PodBuilder seen) {
        bench.restart();
        bench.log.clear();
        bench.declare(aPolicy(acs("region-a")));
        bench.send(new Event.PodSeen(seen.build()));
        bench.withTwoRegions();
        bench.advance(Duration.ofMinutes(5));
        return bench.writes(ClusterWrite.WriteStatus.class);
    }

    private PodBuilder running() {
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        bench.withTwoRegions();
        var pod = bench.create(bench.web());
        bench.settle();
        bench.report(after(bench.instanceOf(pod)).state(Instance.State.RUNNING).detail(DETAIL));
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        return PodBuilder.like(bench.current(pod));
    }

    @Test
    void whatAPodShowsAlreadyIsNotWritten() {
        assertThat(writtenWhenItShows(running().detail(DETAIL))).isEmpty();
    }

    @Test
    void whatHasChangedMeanwhileIsWrittenOnce() {
        assertThat(writtenWhenItShows(running().detail(DETAIL + 1))).hasSize(1);
    }

    /** As is a pod of which nothing can be said. */
    @Test
    void whatIsNotKnownIsWrittenOnce() {
        assertThat(writtenWhenItShows(running().detail(0))).hasSize(1);
    }

    @Test
    void laterChangesAreWrittenAsEver() {
        var pod = running().detail(DETAIL);
        assertThat(writtenWhenItShows(pod)).isEmpty();

        bench.report(after(bench.instanceOf(pod.build())).detail(DETAIL + 1));
        bench.settle();

        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(1);
    }

    /** The region does not know of the gates. */
    @Test
    void aPodThatIsCalledReadyAgainstItsGatesIsWritten() {
        var pod = running().detail(DETAIL).readinessGates(UNMET);

        assertThat(writtenWhenItShows(pod.ready(true)))
                .first()
                .satisfies(write -> assertThat(write.status().readinessGates()).containsExactly(UNMET));
    }

    /** As by a write of an earlier leader that lands late, or by the cluster, which marks pods as not ready whose node has no Lease. */
    @Test
    void whatSomebodyWritesOverItIsCorrectedOnceForEach() {
        var pod = running().detail(DETAIL);
        assertThat(writtenWhenItShows(pod)).isEmpty();

        bench.send(new Event.PodSeen(pod.detail(DETAIL + 1).build()));
        bench.advance(Duration.ofMinutes(15)); // and it stays so: the home cluster cannot show it
        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(1);

        bench.send(new Event.PodSeen(pod.detail(DETAIL).build()));
        bench.advance(Duration.ofMinutes(5));
        bench.send(new Event.PodSeen(pod.detail(DETAIL + 1).build()));
        bench.advance(Duration.ofMinutes(15));
        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(2);
    }
}
