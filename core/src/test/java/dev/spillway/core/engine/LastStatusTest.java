package dev.spillway.core.engine;

import static dev.spillway.core.testing.InstanceBuilder.after;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.InstanceBuilder;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.RegionBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the virtual node owes as a kubelet does: last statuses, DisruptionTarget, readiness gates (decision 0013). */
class LastStatusTest {
    private static final String ID = "region-a";

    private final TestBench bench = new TestBench().withTwoRegions();

    private Pod running() {
        return running(bench.pinned());
    }

    private Pod running(PodBuilder pinned) {
        bench.regions.restock(ID, 1);
        var pod = bench.placed(pinned);
        bench.report(pod, Instance.State.RUNNING, "");
        bench.settle();
        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.RUNNING);
        return pod;
    }

    /** The region reports that the containers ended so. */
    private static InstanceBuilder ended(Instance was, Instance.State state, int exitCode, String reason) {
        var end = TestBench.START.plusSeconds(7);
        return after(was)
                .in(state)
                .finished(end)
                .exitCode(exitCode)
                .reason(reason)
                .containers(new ContainerReport("nginx", was.startedAt(), end, exitCode, ""));
    }

    private PodStatus last() {
        return bench.writes(ClusterWrite.WriteStatus.class).getLast().status();
    }

    private List<Class<?>> lastWrites() {
        var writes = bench.writes(ClusterWrite.class).stream()
                .filter(write -> write instanceof ClusterWrite.WriteStatus || write instanceof ClusterWrite.RemovePod)
                .<Class<?>>map(ClusterWrite::getClass)
                .toList();
        return writes.subList(writes.size() - 2, writes.size());
    }

    @Test
    void aDeletedPodIsShownAsEndedBeforeItsObjectGoes() {
        var pod = running();
        var instance = bench.instanceOf(pod);

        bench.delete(pod);
        bench.report(ended(instance, Instance.State.GONE, 143, ""));
        bench.settle();

        assertThat(lastWrites()).containsExactly(ClusterWrite.WriteStatus.class, ClusterWrite.RemovePod.class);
        assertThat(last().phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(last().exitCode()).isEqualTo(143);
        assertThat(last().startedAt()).isEqualTo(TestBench.START);
        assertThat(last().disruption()).as("it was deleted, not disrupted").isNull();
        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void aDeletedPodWhoseProgramsEndedWellHasSucceeded() {
        var pod = running();
        var instance = bench.instanceOf(pod);

        bench.delete(pod);
        bench.report(ended(instance, Instance.State.GONE, 0, ""));
        bench.settle();

        assertThat(last().phase()).isEqualTo(Pod.Phase.SUCCEEDED);
    }

    @Test
    void theRegionIsAskedHowTheContainersEndedWhereNoReportSaidSo() {
        var pod = running();
        var instance = bench.instanceOf(pod);
        bench.regions.onDescribe = describe ->
                new FindAnswer.Found(ended(instance, Instance.State.GONE, 0, "").build());

        bench.delete(pod);
        bench.settle();

        assertThat(last().phase()).isEqualTo(Pod.Phase.SUCCEEDED);
        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void whatIsNotKnownToHaveEndedCountsAsKilled() {
        var pod = running();

        bench.delete(pod);
        bench.settle();

        assertThat(last().phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(last().startedAt()).isEqualTo(TestBench.START);
        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void theObjectStaysUntilItsLastStatusIsWritten() {
        var pod = running();
        bench.api.onStatus = write -> new WriteAnswer.Unknown("cut");
        bench.delete(pod);
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.writes(ClusterWrite.RemovePod.class)).isEmpty();

        bench.api.onStatus = write -> new WriteAnswer.Done();
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.writes(ClusterWrite.RemovePod.class)).isNotEmpty();
        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void aStatusThatIsRefusedForGoodHoldsNoPodBack() {
        var pod = running();
        bench.api.onStatus = write -> new WriteAnswer.Refused(422, "no");

        bench.delete(pod);
        bench.settle();

        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void aPodThatIsDeletedAfterARestartGetsItsLastStatusToo() {
        var pod = running();
        bench.delete(pod);
        bench.regions.instances.clear();
        bench.restart();
        bench.region(aRegion(ID).asDefault());
        bench.send(new Event.PodSeen(bench.current(pod)));
        bench.listed();
        bench.advance(Duration.ofMinutes(2));

        assertThat(lastWrites()).containsExactly(ClusterWrite.WriteStatus.class, ClusterWrite.RemovePod.class);
        assertThat(last().phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(bench.api.pods).isEmpty();
    }

    @Test
    void aPodThatHasToStayTerminatingSaysWhyOnce() {
        var pod = running();
        bench.regions.onTerminate = terminate -> new TerminateAnswer.Unknown("connection refused");

        bench.delete(pod);
        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.warnings()).isEmpty();
        bench.advance(Duration.ofMinutes(10));

        assertThat(bench.warnings()).containsExactly("TerminationNotConfirmed");
        assertThat(bench.writes(ClusterWrite.Announce.class)
                        .getLast()
                        .announcement()
                        .message())
                .contains("region region-a", "connection refused", "spec.lost");
        assertThat(bench.api.pods).isNotEmpty();
    }

    @Test
    void aReclaimIsADisruptionAndARefusalOfItsOffer() { // E56, KEP-3329
        var pod = running();
        var instance = bench.instanceOf(pod);
        bench.stock(ID, 1);

        bench.report(ended(instance, Instance.State.FAILED, 137, Instance.RECLAIMED));
        bench.settle();

        var failing = bench.writes(ClusterWrite.WriteStatus.class).stream()
                .filter(write -> write.status().phase() == Pod.Phase.FAILED)
                .toList();
        assertThat(failing).hasSize(1);
        assertThat(failing.getFirst().status().disruption()).isNotNull();
        int asked = bench.asked().size();
        bench.create(bench.pinned());
        bench.settle();
        assertThat(bench.asked()).as("the offer is closed").hasSize(asked);
        bench.advance(Duration.ofSeconds(30));
        assertThat(bench.asked()).as("and tried again in its time").hasSize(asked + 1);
    }

    @Test
    void theProgramsOwnEndIsNoDisruption() {
        var failed = running();
        bench.report(ended(bench.instanceOf(failed), Instance.State.FAILED, 1, "Error"));
        bench.settle();
        assertThat(last().phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(last().disruption()).isNull();

        var succeeded = running();
        bench.report(ended(bench.instanceOf(succeeded), Instance.State.SUCCEEDED, 0, ""));
        bench.settle();
        assertThat(last().disruption()).isNull();
    }

    @Test
    void aLostInstanceIsADisruptionAndKeepsWhatWasKnownOfIt() {
        var pod = running();
        var instance = bench.instanceOf(pod);

        bench.regions.instances.clear();
        bench.send(new Event.InstanceReported(
                new RegionId(ID), ended(instance, Instance.State.GONE, 0, "").build()));
        bench.settle();

        assertThat(last().reason()).isEqualTo("InstanceLost");
        assertThat(last().startedAt()).isEqualTo(TestBench.START);
        assertThat(last().disruption()).isNotNull();
    }

    @Test
    void aLostRegionIsADisruption() {
        var pod = running();

        bench.declare(lost());
        bench.settle();

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(last().reason()).isEqualTo("RegionLost");
        assertThat(last().disruption()).isNotNull();
    }

    @Test
    void aRegionThatIsLostBeforeAStartFailsItsPodsAllTheSame() {
        var pod = running();
        bench.restart();
        bench.declare(lost());
        bench.send(new Event.PodSeen(bench.current(pod)));

        bench.listed();

        assertThat(bench.current(pod).phase()).isEqualTo(Pod.Phase.FAILED);
        assertThat(last().reason()).isEqualTo("RegionLost");
    }

    @Test
    void aPodThatIsFoundBoundAndDeletedAfterItsRegionWasLostGoes() {
        bench.stock(ID, 1);
        bench.unanswered = effect -> effect instanceof Effect.Bind;
        var pod = bench.placed(bench.pinned());
        var binding = bench.effects(Effect.Bind.class).getFirst().binding();
        bench.api.pods.put(pod.uid(), pod.bound(binding.node(), binding.labels(), binding.annotations()));
        bench.declare(lost());

        bench.delete(pod);
        bench.settle();

        assertThat(bench.writes(ClusterWrite.RemovePod.class)).hasSize(1);
    }

    private static RegionBuilder lost() {
        return aRegion(ID).asDefault().generation(2).lost();
    }

    @Test
    void aConditionThatOthersWriteMakesThePodReady() {
        var pod = running(bench.pinned().readinessGates(new ReadinessGate("lb/ready", "")));
        int writes = bench.writes(ClusterWrite.WriteStatus.class).size();

        bench.update(bench.like(pod).readinessGates(new ReadinessGate("lb/ready", "True")));
        bench.update(bench.like(pod).readinessGates(new ReadinessGate("lb/ready", "True")));
        bench.settle();

        assertThat(bench.writes(ClusterWrite.WriteStatus.class)).hasSize(writes + 1);
        assertThat(last().readinessGates()).containsExactly(new ReadinessGate("lb/ready", "True"));
        assertThat(last().phase()).isEqualTo(Pod.Phase.RUNNING);
    }
}
