package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens, lives of instances, disturbances, and who sees what. */
final class SimulatedRegionsTest extends SimulatedRegionsCase {
    @Test
    void aTokenIsGoodForOneInstance() {
        define(stock("L20", 5));
        AcquireRequest request = requestFor("a").build();
        Instance first = accepted(request);

        assertThat(accepted(request)).isEqualTo(first);
        assertThat(refusal(requestFor("a").zone("region-a-2").build())).isInstanceOf(Refusal.Invalid.class);
        terminate(first.id());
        assertThat(acquire(request).answer()).isEqualTo(new AcquireAnswer.Spent(first.id()));
        pass(Duration.ofSeconds(1));
        assertThat(acquire(request).answer()).isEqualTo(new AcquireAnswer.Spent(first.id()));
        assertThat(regions.history()).hasSize(1);
    }

    @Test
    void aRefusedTokenMayBeUsedForAnotherZone() {
        define(
                line(new OfferSelector(List.of(ZONES.getFirst()), null, null, null, null), 0),
                line(new OfferSelector(List.of(ZONES.getLast()), null, null, null, null), 1));

        assertThat(refusal(requestFor("a").build())).isInstanceOf(Refusal.OutOfStock.class);
        assertThat(regions.history()).isEmpty();
        accepted(requestFor("a").zone("region-a-2").build());
    }

    @Test
    void anInstanceLivesFromStartToEndByTheClockAlone() {
        define(stock("L20", 1));
        Instance starting = accepted(requestFor("a").build());
        assertThat(regions.nextChange()).contains(START.plusMillis(500));

        pass(Duration.ofMillis(499));
        assertThat(described(starting.id()).state()).isEqualTo(Instance.State.STARTING);
        pass(Duration.ofMillis(1));
        Instance running = described(starting.id());

        assertThat(running.state()).isEqualTo(Instance.State.RUNNING);
        assertThat(running.observation()).isGreaterThan(starting.observation());
        assertThat(running.startedAt()).isEqualTo(START.plusMillis(500));
        assertThat(running.ip()).startsWith("10.");
        assertThat(running.hostIp()).isNotNull();
        assertThat(regions.nextChange()).isEmpty();
        terminate(starting.id());
        assertThat(described(starting.id()).state()).isEqualTo(Instance.State.ENDING);
        pass(Duration.ofMillis(100));
        assertThat(described(starting.id()).state()).isEqualTo(Instance.State.GONE);
        assertThat(listed()).isEmpty();
    }

    @Test
    void jobsCompleteAndFreeTheirStockServicesGoOn() {
        regions.define(
                REGION,
                new RegionDefinition(
                        ZONES, List.of(), List.of(stock("L20", 2)), Behaviour.DEFAULT.withRun(Duration.ofSeconds(30))),
                now);
        Instance job = accepted(
                requestFor("job").restartPolicy(PodSpec.RestartPolicy.NEVER).build());
        Instance service = accepted(requestFor("service").build());

        pass(Duration.ofMillis(30_500));

        Instance done = described(job.id());
        assertThat(done.state()).isEqualTo(Instance.State.SUCCEEDED);
        assertThat(done.finishedAt()).isEqualTo(START.plusMillis(30_500));
        assertThat(described(service.id()).state()).isEqualTo(Instance.State.RUNNING);
        assertThat(regions.stock(REGION, now).getFirst().held()).isEqualTo(1);
        assertThat(listed()).containsExactly(done, described(service.id()));
    }

    @Test
    void eachContainerIsReportedOn() {
        define(stock("L20", 1));
        Instance starting = accepted(requestFor("a")
                .containers(
                        new Container("load", "busybox", Container.Role.INIT),
                        new Container("proxy", "envoy", Container.Role.SIDECAR),
                        new Container("nginx", "nginx"))
                .build());
        assertThat(starting.containers())
                .containsExactly(
                        ContainerReport.waiting("load"),
                        ContainerReport.waiting("proxy"),
                        ContainerReport.waiting("nginx"));

        pass(Duration.ofMillis(500));
        Instant started = START.plusMillis(500);
        assertThat(described(starting.id()).containers())
                .containsExactly(
                        ContainerReport.waiting("load").started(started).ended(started, 0, "Completed"),
                        ContainerReport.waiting("proxy").started(started),
                        ContainerReport.waiting("nginx").started(started));

        terminate(starting.id());
        pass(Duration.ofMillis(100));
        Instance gone = described(starting.id());
        assertThat(gone.exitCode()).as("told to end, it did not listen").isEqualTo(143);
        assertThat(gone.containers().getFirst().exitCode()).isZero();
        assertThat(gone.container("nginx"))
                .isEqualTo(
                        ContainerReport.waiting("nginx").started(started).ended(START.plusMillis(600), 143, "Error"));
    }

    @Test
    void whatIsMadeToHappenHappensOnce() {
        define(stock("L20", 3));
        Instance failing = accepted(requestFor("a").build());
        Instance reclaimed = accepted(requestFor("b").build());
        Instance completing = accepted(requestFor("c").build());
        pass(Duration.ofSeconds(1));

        assertThat(happen(failing.id(), Happening.FAIL)).isEqualTo(Happening.Result.DONE);
        assertThat(happen(reclaimed.id(), Happening.RECLAIM)).isEqualTo(Happening.Result.DONE);
        assertThat(happen(completing.id(), Happening.COMPLETE)).isEqualTo(Happening.Result.DONE);
        assertThat(happen(failing.id(), Happening.COMPLETE)).isEqualTo(Happening.Result.ALREADY_ENDED);
        assertThat(happen(new InstanceId("none"), Happening.FAIL)).isEqualTo(Happening.Result.NO_SUCH_INSTANCE);

        assertThat(described(failing.id()).exitCode()).isEqualTo(1);
        assertThat(described(reclaimed.id()).reason()).isEqualTo("SpotReclaimed");
        assertThat(described(completing.id()).state()).isEqualTo(Instance.State.SUCCEEDED);
        assertThat(terminate(failing.id()))
                .as("one that holds nothing is gone at once")
                .isInstanceOf(TerminateAnswer.Gone.class);
        assertThat(regions.stock(REGION, now).getFirst().held()).isZero();
    }

    @Test
    void aReclaimIsAnnouncedFiveMinutesAhead() { // E56
        define(stock("L20", 1));
        Instance instance = accepted(requestFor("a").build());
        pass(Duration.ofSeconds(1));
        Instance before = described(instance.id());

        assertThat(happen(instance.id(), Happening.RECLAIM_SOON)).isEqualTo(Happening.Result.DONE);
        Instance announced = described(instance.id());
        assertThat(announced.state()).isEqualTo(Instance.State.RUNNING);
        assertThat(announced.reason()).isEqualTo("SpotToBeReleased");
        assertThat(announced.message()).contains(now.plus(Duration.ofMinutes(5)).toString());
        assertThat(announced.observation()).isGreaterThan(before.observation());

        pass(Duration.ofMinutes(4));
        assertThat(happen(instance.id(), Happening.RECLAIM_SOON))
                .as("a second announcement does not put it off")
                .isEqualTo(Happening.Result.DONE);
        pass(Duration.ofSeconds(59));
        assertThat(described(instance.id()).state()).isEqualTo(Instance.State.RUNNING);
        pass(Duration.ofSeconds(1));

        Instance ended = described(instance.id());
        assertThat(ended.state()).isEqualTo(Instance.State.FAILED);
        assertThat(ended.reason()).isEqualTo("SpotReclaimed");
        assertThat(regions.stock(REGION, now).getFirst().held()).isZero();
    }

    @Test
    void aReclaimAnnouncedBeforeTheStartDoesNotPreventIt() { // E56
        define(stock("L20", 1));
        Instance instance = accepted(requestFor("a").build());

        happen(instance.id(), Happening.RECLAIM_SOON);
        pass(Duration.ofSeconds(1));
        assertThat(described(instance.id()).state()).isEqualTo(Instance.State.RUNNING);
        assertThat(described(instance.id()).reason()).isEqualTo("SpotToBeReleased");

        pass(Duration.ofMinutes(5));
        assertThat(described(instance.id()).reason()).isEqualTo("SpotReclaimed");
    }

    @Test
    void aJobThatIsDoneBeforeItsReclaimIsNotFailedByIt() {
        regions.define(
                REGION,
                new RegionDefinition(
                        ZONES, List.of(), List.of(stock("L20", 1)), Behaviour.DEFAULT.withRun(Duration.ofSeconds(30))),
                now);
        Instance job = accepted(
                requestFor("job").restartPolicy(PodSpec.RestartPolicy.NEVER).build());
        pass(Duration.ofSeconds(1));

        happen(job.id(), Happening.RECLAIM_SOON);
        pass(Duration.ofMinutes(10));

        assertThat(described(job.id()).state()).isEqualTo(Instance.State.SUCCEEDED);
    }

    @Test
    void failuresAfterAcceptanceNameNoStockAndFreeIt() {
        regions.define(
                REGION,
                new RegionDefinition(
                        ZONES,
                        List.of(),
                        List.of(stock("L20", 1)),
                        Behaviour.DEFAULT.with(new Behaviour.Faults(0, 1000))),
                now);
        Instance instance = accepted(requestFor("a").build());

        pass(Duration.ofMillis(500));

        Instance failed = described(instance.id());
        assertThat(failed.state()).isEqualTo(Instance.State.FAILED);
        assertThat(failed.reason()).isEqualTo("NoStock");
        assertThat(failed.startedAt()).isNull();
        accepted(requestFor("b").build());
    }

    @Test
    void lostAnswersAreAboutThingsThatWereDone() {
        define(stock("L20", 1));
        regions.behave(REGION, Behaviour.DEFAULT.with(new Behaviour.Faults(1000, 0)), now);

        Reply<AcquireAnswer> reply = acquire(requestFor("a").build());

        assertThat(reply.delivery()).isEqualTo(Reply.Delivery.CUT);
        assertThat(regions.find(REGION, "cluster-1", requestFor("a").build().token(), now)
                        .answer())
                .isInstanceOf(FindAnswer.Found.class);
    }

    @Test
    void outagesTouchCallsAndNothingThatRuns() {
        define(stock("L20", 5));
        Instance instance = accepted(requestFor("a").build());

        regions.behave(REGION, Behaviour.DEFAULT.with(new Outage.Unavailable()), now);
        assertThat(refusal(requestFor("b").build())).isInstanceOf(Refusal.Unavailable.class);
        assertThat(terminate(instance.id())).isInstanceOf(TerminateAnswer.Unknown.class);
        assertThat(regions.list(REGION, "cluster-1", now).answer()).isInstanceOf(ListAnswer.Unknown.class);
        regions.behave(REGION, Behaviour.DEFAULT.with(new Outage.Unauthorised()), now);
        assertThat(refusal(requestFor("b").build())).isInstanceOf(Refusal.Unauthorised.class);
        regions.behave(REGION, Behaviour.DEFAULT.with(new Outage.Throttled(Duration.ofSeconds(3))), now);
        assertThat(refusal(requestFor("b").build()))
                .isEqualTo(new Refusal.Throttled(Duration.ofSeconds(3), "Region region-a has had too many calls."));
        regions.behave(REGION, Behaviour.DEFAULT.with(new Outage.Hang()), now);
        assertThat(acquire(requestFor("b").build()).delivery()).isEqualTo(Reply.Delivery.HANGING);

        pass(Duration.ofSeconds(1));
        regions.behave(REGION, Behaviour.DEFAULT, now);
        assertThat(described(instance.id()).state()).isEqualTo(Instance.State.RUNNING);
        assertThat(regions.history()).hasSize(1);
    }

    @Test
    void aClusterSeesItsOwnInstancesOnly() {
        define(stock("L20", 5));
        Instance ours = accepted(requestFor("a").build());
        Instance theirs = accepted(requestFor("b").cluster("cluster-2").build());

        assertThat(listed()).containsExactly(ours);
        assertThat(regions.describe(REGION, "cluster-1", theirs.id(), now).answer())
                .isInstanceOf(FindAnswer.NotFound.class);
        assertThat(terminate(theirs.id())).isInstanceOf(TerminateAnswer.Gone.class);
        assertThat(regions.history().getLast().terminatedAt()).isNull();
    }

    @Test
    void instancesAndTokensOutliveTheDefinition() {
        define(stock("L20", 5));
        Instance instance = accepted(requestFor("a").build());

        regions.undefine(REGION, now);

        assertThat(refusal(requestFor("b").build())).isInstanceOf(Refusal.Unavailable.class);
        assertThat(listed()).containsExactly(instance);
        define(stock("L20", 1));
        assertThat(refusal(requestFor("b").build())).isInstanceOf(Refusal.OutOfStock.class);
        assertThat(accepted(requestFor("a").build())).isEqualTo(instance);
    }

    @Test
    void changesComeInOrderAndAGapIsSaid() {
        define(stock("L20", 5));
        accepted(requestFor("a").build());
        accepted(requestFor("b").cluster("cluster-2").build());
        accepted(requestFor("c").build());
        pass(Duration.ofSeconds(1));

        List<Instance> seen = new ArrayList<>();
        long at = 0;
        while (at < regions.lastObservation()) {
            ChangesAnswer.Complete answer = (ChangesAnswer.Complete) regions.changesAfter(REGION, "cluster-1", at, 1);
            seen.addAll(answer.changes());
            at = answer.upTo();
        }

        assertThat(seen)
                .extracting(one -> one.tags().pod().name() + " " + one.state())
                .containsExactly("a STARTING", "c STARTING", "a RUNNING", "c RUNNING");
        assertThat(regions.changesAfter(REGION, "cluster-1", at + 1, 1)).isInstanceOf(ChangesAnswer.Gap.class);
        for (int i = 0; i < CHANGES_KEPT; i++) {
            regions.terminate(
                    REGION, "cluster-1", accepted(requestFor("x" + i).build()).id(), now);
            pass(Duration.ofMillis(100));
        }
        assertThat(regions.changesAfter(REGION, "cluster-1", at, 1)).isInstanceOf(ChangesAnswer.Gap.class);
    }

    @Test
    void containerTimesAreWallTimeAlsoAcrossAJumpOfTheClock() {
        define(stock("L20", 5));
        Instance before = accepted(requestFor("a").build());
        Duration jump = Duration.ofMinutes(10);
        regions.clockIsAheadBy(jump);
        pass(jump);
        Instance after = accepted(requestFor("b").build());
        pass(Duration.ofMillis(500));

        assertThat(described(before.id()).startedAt()).isEqualTo(START);
        assertThat(described(after.id()).startedAt()).isEqualTo(START.plusMillis(500));
    }
}
