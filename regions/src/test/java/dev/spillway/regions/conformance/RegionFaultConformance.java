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
import org.junit.jupiter.api.Test;

/** What every backend must do while its region or the way to it is disturbed. An unknown answer is never taken for a refusal. */
public abstract class RegionFaultConformance extends RegionConformance {
    @Test
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
        Await.until("refusal by a region where nobody listens", () -> switch (backend()
                .acquire(requestFor("a").build())) {
            case AcquireAnswer.Refused(Refusal refusal) -> refusal instanceof Refusal.Unavailable;
            case AcquireAnswer.Unknown(String why) -> false;
            case AcquireAnswer.Accepted(Instance instance) -> throw new AssertionError(instance);
            case AcquireAnswer.Spent(InstanceId instance) -> throw new AssertionError(instance);
        });

        readsAreUnknown();
        fixture().disturb(Disturbance.NONE);
        accepted(requestFor("a").build());
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
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
