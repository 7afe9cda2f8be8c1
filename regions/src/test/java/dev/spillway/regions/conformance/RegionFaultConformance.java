package dev.spillway.regions.conformance;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.regions.conformance.RegionFixture.Disturbance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every backend must do while its region or the way to it is disturbed. An unknown answer is never taken for a refusal. */
public abstract class RegionFaultConformance extends RegionConformance {
    @Test
    @FaultCase({"F51", "F58"})
    final void aLostAnswerIsUnknownAndTheInstanceIsFound() {
        fixture().stock(ZONE, 5);
        AcquireRequest request = requestFor("a").build();
        fixture().disturb(Disturbance.LOSING_ANSWERS);

        assertThat(backend().acquire(request)).isInstanceOf(AcquireAnswer.Unknown.class);

        fixture().disturb(Disturbance.NONE);
        Instance found = found(backend().find(request.token()));
        assertThat(found.tags()).isEqualTo(request.tags());
        assertThat(accepted(request).id()).isEqualTo(found.id());
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
    @FaultCase("F58")
    final void aLostRefusalIsUnknownAndLeavesNothing() {
        AcquireRequest request = requestFor("a").build();
        fixture().disturb(Disturbance.LOSING_ANSWERS);

        assertThat(backend().acquire(request)).isInstanceOf(AcquireAnswer.Unknown.class);

        fixture().disturb(Disturbance.NONE);
        assertThat(backend().find(request.token())).isEqualTo(new FindAnswer.NotFound());
        assertThat(fixture().instancesEver()).isZero();
    }

    @Test
    final void aLostAnswerToTerminateIsUnknownAndAskingAgainTellsTheTruth() {
        fixture().stock(ZONE, 5);
        Instance instance = accepted(requestFor("a").build());
        fixture().disturb(Disturbance.LOSING_ANSWERS);

        assertThat(backend().terminate(instance.id())).isInstanceOf(TerminateAnswer.Unknown.class);

        fixture().disturb(Disturbance.NONE);
        terminate(instance.id());
        assertThat(fixture().liveInstances()).isZero();
    }

    @Test
    @FaultCase("F48")
    final void throttlingSaysHowLongToWait() {
        fixture().stock(ZONE, 5);
        fixture().disturb(Disturbance.THROTTLED);

        Refusal refusal = refusal(requestFor("a").build());

        assertThat(refusal).isInstanceOf(Refusal.Throttled.class);
        assertThat(((Refusal.Throttled) refusal).retryAfter()).isEqualTo(RegionFixture.RETRY_AFTER);
        assertThat(backend().list()).as("a region that throttles answers").isInstanceOf(ListAnswer.Throttled.class);
        lookUpsAreUnknown(backend());
        assertThat(fixture().instancesEver()).isZero();
    }

    @Test
    @FaultCase("F54")
    final void rejectedCredentialsAreNeitherStockNorAnEmptyRegion() {
        fixture().stock(ZONE, 5);
        fixture().disturb(Disturbance.UNAUTHORISED);

        assertThat(refusal(requestFor("a").build())).isInstanceOf(Refusal.Unauthorised.class);

        readsAreUnknown();
        assertThat(fixture().instancesEver()).isZero();
    }

    @Test
    final void aRegionThatProcessesNothingIsUnavailable() {
        fixture().stock(ZONE, 5);
        fixture().disturb(Disturbance.UNAVAILABLE);

        assertThat(refusal(requestFor("a").build())).isInstanceOf(Refusal.Unavailable.class);

        readsAreUnknown();
        assertThat(fixture().instancesEver()).isZero();
    }

    @Test
    final void aRegionWhereNobodyListensIsUnavailable() {
        fixture().stock(ZONE, 5);
        fixture().disturb(Disturbance.UNREACHABLE);

        // A connection that broke while nobody knew it is unknown, once each; then there is none to be had.
        Await.until(
                "refusal by a region where nobody listens",
                () -> isUnavailable(backend().acquire(requestFor("a").build())));

        readsAreUnknown();
        fixture().disturb(Disturbance.NONE);
        accepted(requestFor("a").build());
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
    @FaultCase({"F49", "F58"})
    final void aRegionThatDoesNotAnswerIsUnknownWithinTheDeadline() {
        Duration deadline = Duration.ofSeconds(1);
        RegionBackend impatient = fixture().open(CLUSTER, deadline);
        fixture().stock(ZONE, 5);
        fixture().disturb(Disturbance.HANGING);
        long start = System.nanoTime();

        assertThat(impatient.acquire(requestFor("a").build())).isInstanceOf(AcquireAnswer.Unknown.class);
        readsAreUnknown(impatient);

        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        // Four calls; twice their deadlines leave room for a busy machine and are far from hanging.
        assertThat(taken).isLessThan(deadline.multipliedBy(8));
        fixture().disturb(Disturbance.NONE);
        accepted(requestFor("b").build());
    }

    @Test
    @FaultCase("F53")
    final void nonsenseIsUnknown() {
        fixture().stock(ZONE, 5);
        Instance instance = accepted(requestFor("a").build());
        assumeTrue(fixture().answerNonsense(0), "this backend's answers cannot be garbled");
        for (int kind = 0; fixture().answerNonsense(kind); kind++) {
            assertThat(backend().acquire(requestFor("b").build()))
                    .as("kind %d", kind)
                    .isInstanceOfSatisfying(
                            AcquireAnswer.Unknown.class,
                            // "Region r gave no usable answer (...)" stands around it, and people read it
                            unknown -> assertThat(unknown.why())
                                    .doesNotStartWith("Region ")
                                    .doesNotContainIgnoringCase("token", "JSON", "line:", "did not answer"));
            assertThat(backend().describe(instance.id())).as("kind %d", kind).isInstanceOf(FindAnswer.Unknown.class);
            readsAreUnknown();
        }
    }

    @Test
    @FaultCase("F45")
    final void stockThatComesAndGoesIsToldEachTime() {
        for (int round = 0; round < 3; round++) {
            fixture().stock(ZONE, 1);
            Instance bought = accepted(requestFor("comes-" + round).build());
            fixture().stock(ZONE, 0);

            assertThat(backend().acquire(requestFor("goes-" + round).build())).matches(RegionConformance::isOutOfStock);

            terminate(bought.id());
        }
        assertThat(fixture().liveInstances()).isZero();
        assertThat(fixture().instancesEver()).isEqualTo(3);
    }

    /** No backend tells stock in advance; what a caller makes of an acceptance is the only advertisement there is. */
    @Test
    @FaultCase("F46")
    final void anAcceptanceOfAMomentAgoPromisesNothing() {
        fixture().stock(ZONE, 1);
        accepted(requestFor("a").build());
        AcquireRequest next = requestFor("b").build();

        assertThat(backend().acquire(next)).matches(RegionConformance::isOutOfStock);

        assertThat(backend().find(next.token())).isEqualTo(new FindAnswer.NotFound());
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
    @FaultCase("F49")
    final void slowCallsDoNotQueueBehindOneAnother() {
        assumeTrue(fixture().callsTakeTime(), "a call in this process waits for nothing");
        Duration deadline = Duration.ofSeconds(1);
        RegionBackend impatient = fixture().open(CLUSTER, deadline);
        fixture().disturb(Disturbance.HANGING);
        long start = System.nanoTime();

        List<FindAnswer> answers = atOnce(
                16, number -> impatient.find(requestFor("pod-" + number).build().token()));

        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertThat(answers).allMatch(answer -> answer instanceof FindAnswer.Unknown);
        // One after another they would take 16 deadlines; half of that leaves room for a busy machine.
        assertThat(taken).isLessThan(deadline.multipliedBy(8));
    }

    @Test
    @FaultCase("F50")
    final void aRegionThatComesAndGoesIsAsGoodAsNewEachTime() {
        fixture().stock(ZONE, 5);
        for (int round = 0; round < 3; round++) {
            AcquireRequest down = requestFor("down-" + round).build();
            AcquireRequest up = requestFor("up-" + round).build();
            fixture().disturb(Disturbance.UNAVAILABLE);
            // Whether a request that makes an instance was carried out, not every region can say: unknown will do.
            assertThat(backend().acquire(down)).isNotInstanceOf(AcquireAnswer.Accepted.class);
            fixture().disturb(Disturbance.NONE);
            Await.until(
                    "acceptance by a region that is up", () -> backend().acquire(up) instanceof AcquireAnswer.Accepted);
        }
        assertThat(listed(backend())).hasSize(3);
        assertThat(fixture().instancesEver()).isEqualTo(3);
    }

    @Test
    @FaultCase("F52")
    final void aListThatFailsHalfWayIsUnknown() {
        fixture().stock(ZONE, 5);
        Instance instance = accepted(requestFor("a").build());
        fixture().failListsHalfWay();

        assertThat(backend().list()).isInstanceOf(ListAnswer.Unknown.class);

        fixture().disturb(Disturbance.NONE);
        assertThat(listed(backend())).extracting(Instance::id).containsExactly(instance.id());
    }

    private static boolean isUnavailable(AcquireAnswer answer) {
        return switch (answer) {
            case AcquireAnswer.Refused(Refusal refusal) -> refusal instanceof Refusal.Unavailable;
            case AcquireAnswer.Unknown(String why) -> false;
            case AcquireAnswer.Accepted(Instance instance) -> throw new AssertionError(instance);
            case AcquireAnswer.Spent(InstanceId instance) -> throw new AssertionError(instance);
        };
    }

    private void readsAreUnknown() {
        readsAreUnknown(backend());
    }

    private void readsAreUnknown(RegionBackend asked) {
        assertThat(asked.list()).isInstanceOf(ListAnswer.Unknown.class);
        lookUpsAreUnknown(asked);
    }

    private void lookUpsAreUnknown(RegionBackend asked) {
        AcquireRequest request = requestFor("nobody").build();
        assertThat(asked.find(request.token())).isInstanceOf(FindAnswer.Unknown.class);
        assertThat(asked.terminate(fixture().idThatNeverWas())).isInstanceOf(TerminateAnswer.Unknown.class);
    }
}
