package dev.spillway.regions.conformance;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Instance.State;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.regions.conformance.RegionFixture.Disturbance;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What every backend must report of its instances, unasked. */
public abstract class RegionWatchConformance extends RegionConformance {
    private final List<Instance> reports = new CopyOnWriteArrayList<>();

    @Test
    final void eachChangeIsReportedInOrder() {
        fixture().stock(ZONE, 5);
        backend().watch(reports::add, why -> {});
        // Once one is reported as running, the watch is on its way and misses nothing.
        awaitState(accepted(requestFor("first").build()).id(), State.RUNNING);
        Instance instance = accepted(requestFor("a").build());
        awaitState(instance.id(), State.RUNNING);

        terminate(instance.id());

        awaitState(instance.id(), State.GONE);
        assertThat(statesOf(instance.id()))
                .containsSubsequence(State.STARTING, State.RUNNING, State.GONE)
                .isSorted();
        assertThat(reports).extracting(Instance::observation).isSorted();
        assertThat(reports)
                .filteredOn(report -> report.id().equals(instance.id()))
                .allSatisfy(report -> assertThat(report.tags()).isEqualTo(instance.tags()));
    }

    @Test
    final void aRunningInstanceHasAddressesAndAStart() {
        fixture().stock(ZONE, 5);
        backend().watch(reports::add, why -> {});

        Instance running = awaitState(accepted(requestFor("a").build()).id(), State.RUNNING);

        assertThat(running.ip()).isNotEmpty();
        assertThat(running.hostIp()).isNotEmpty();
        assertThat(running.startedAt()).isNotNull();
        assertThat(running.finishedAt()).isNull();
    }

    @Test
    final void whatWasThereBeforeTheWatchIsReported() {
        fixture().stock(ZONE, 5);
        Instance instance = accepted(requestFor("a").build());
        Await.until("running", () -> found(backend().describe(instance.id())).state() == State.RUNNING);

        backend().watch(reports::add, why -> {});

        awaitState(instance.id(), State.RUNNING);
    }

    @Test
    @FaultCase("F47")
    final void aFailureAfterAcceptanceIsReportedWithItsReason() {
        fixture().stock(ZONE, 5);
        fixture().failAfterAccept();
        backend().watch(reports::add, why -> {});

        Instance failed = awaitState(accepted(requestFor("a").build()).id(), State.FAILED);

        assertThat(failed.reason()).isEqualTo("NoStock");
        assertThat(failed.startedAt()).isNull();
        assertThat(fixture().liveInstances()).isZero();
    }

    @Test
    final void aReclaimedInstanceIsReportedAsFailed() {
        fixture().stock(ZONE, 5);
        backend().watch(reports::add, why -> {});
        InstanceId instance = accepted(requestFor("a").build()).id();
        awaitState(instance, State.RUNNING);

        fixture().reclaim(instance);

        Instance failed = awaitState(instance, State.FAILED);
        assertThat(failed.reason()).isNotEmpty();
        assertThat(failed.finishedAt()).isNotNull();
    }

    @Test
    final void otherClustersInstancesAreNotReported() {
        fixture().stock(ZONE, 5);
        backend().watch(reports::add, why -> {});
        fixture().open("cluster-2").acquire(requestFor("b").cluster("cluster-2").build());

        awaitState(accepted(requestFor("a").build()).id(), State.RUNNING);

        assertThat(reports).allMatch(report -> report.tags().clusterId().equals(CLUSTER));
    }

    @Test
    @FaultCase("F59")
    final void aGapIsRepairedAndWhatEndedInItIsReportedGone() {
        fixture().stock(ZONE, 5);
        backend().watch(reports::add, why -> {});
        InstanceId stays = accepted(requestFor("stays").build()).id();
        InstanceId ends = accepted(requestFor("ends").build()).id();
        awaitState(stays, State.RUNNING);
        awaitState(ends, State.RUNNING);

        fixture().watchGap(CLUSTER, direct -> {
            Await.until("end", () -> direct.terminate(ends) instanceof TerminateAnswer.Gone);
            direct.acquire(requestFor("comes").build());
        });

        awaitState(ends, State.GONE);
        Await.until(
                "report of what came in the gap",
                () -> reports.stream()
                        .anyMatch(report -> report.tags().pod().name().equals("comes")));
        assertThat(statesOf(stays)).endsWith(State.RUNNING);
    }

    @Test
    @FaultCase("F52")
    final void anEmptyListEndsNoInstance() {
        fixture().stock(ZONE, 5);
        backend().watch(reports::add, why -> {});
        InstanceId instance = accepted(requestFor("a").build()).id();
        awaitState(instance, State.RUNNING);

        fixture().listNothing();
        fixture().disturb(Disturbance.NONE);
        fixture().reclaim(instance);

        awaitState(instance, State.FAILED);
        assertThat(statesOf(instance)).doesNotContain(State.GONE);
    }

    @Test
    @FaultCase("F50")
    final void anOutageEndsNoInstanceAndTheWatchGoesOnAfterIt() {
        fixture().stock(ZONE, 5);
        backend().watch(reports::add, why -> {});
        InstanceId instance = accepted(requestFor("a").build()).id();
        awaitState(instance, State.RUNNING);

        fixture().disturb(Disturbance.UNAVAILABLE);
        fixture().disturb(Disturbance.UNREACHABLE);
        fixture().disturb(Disturbance.NONE);
        fixture().reclaim(instance);

        awaitState(instance, State.FAILED);
        assertThat(statesOf(instance)).doesNotContain(State.GONE);
    }

    @Test
    final void aClosedBackendReportsNothingMore() {
        fixture().stock(ZONE, 5);
        backend().watch(reports::add, why -> {});
        awaitState(accepted(requestFor("a").build()).id(), State.RUNNING);

        backend().close();
        List<Instance> before = List.copyOf(reports);
        var other = fixture().open(CLUSTER);
        List<Instance> seenByOther = new CopyOnWriteArrayList<>();
        other.watch(seenByOther::add, why -> {});
        other.acquire(requestFor("b").build());

        Await.until(
                "report to the open backend",
                () -> seenByOther.stream()
                        .anyMatch(report -> report.tags().pod().name().equals("b")));
        assertThat(reports).isEqualTo(before);
    }

    private List<State> statesOf(InstanceId instance) {
        return reports.stream()
                .filter(report -> report.id().equals(instance))
                .map(Instance::state)
                .toList();
    }

    private Instance awaitState(InstanceId instance, State state) {
        Await.until(
                "report that " + instance + " is " + state,
                () -> statesOf(instance).contains(state));
        return reports.stream()
                .filter(report -> report.id().equals(instance) && report.state() == state)
                .findFirst()
                .orElseThrow();
    }
}
