package dev.spillway.regions.conformance;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RegionBackend} must do while its region is well: tokens, refusals, ends, tags, listing. A backend's test
 * subclasses it, {@link RegionFaultConformance} and {@link RegionWatchConformance}, and gives a fixture().
 */
public abstract class RegionBackendConformance extends RegionConformance {
    @Test
    final void findDescribeAndListAgreeWithWhatWasAccepted() {
        fixture().stock(ZONE, 5);
        AcquireRequest request = requestFor("a").incarnation(4).build();

        Instance accepted = accepted(request);

        assertThat(accepted.tags()).isEqualTo(request.tags());
        assertThat(accepted.state()).isIn(Instance.State.STARTING, Instance.State.RUNNING);
        Instance found = found(backend().find(request.token()));
        Instance described = found(backend().describe(accepted.id()));
        Instance listed = listed(backend()).getFirst();
        assertThat(List.of(found, described, listed)).allSatisfy(one -> {
            assertThat(one.id()).isEqualTo(accepted.id());
            assertThat(one.tags()).isEqualTo(request.tags());
            assertThat(one.observation()).isGreaterThanOrEqualTo(accepted.observation());
        });
        assertThat(listed(backend())).hasSize(1);
    }

    @Test
    final void aRegionWithoutInstancesListsNoneCompletely() {
        assertThat(backend().list()).isEqualTo(new ListAnswer.Complete(List.of()));
    }

    @Test
    @FaultCase("F56")
    final void theSameTokenGetsTheSameInstance() {
        fixture().stock(ZONE, 5);
        AcquireRequest request = requestFor("a").build();

        Instance first = accepted(request);

        assertThat(accepted(request).id()).isEqualTo(first.id());
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
    @FaultCase("F56")
    final void concurrentCallsWithOneTokenMakeOneInstance() {
        fixture().stock(ZONE, 50);
        AcquireRequest request = requestFor("a").build();

        List<AcquireAnswer> answers = atOnce(16, number -> backend().acquire(request));

        assertThat(answers).allMatch(answer -> answer instanceof AcquireAnswer.Accepted);
        assertThat(answers.stream()
                        .map(answer ->
                                ((AcquireAnswer.Accepted) answer).instance().id())
                        .distinct())
                .hasSize(1);
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
    @FaultCase("F44")
    final void concurrentCallsNeverGetMoreThanThereIs() {
        fixture().stock(ZONE, 25);

        List<AcquireAnswer> answers = atOnce(
                100, number -> backend().acquire(requestFor("pod-" + number).build()));

        assertThat(answers)
                .filteredOn(answer -> answer instanceof AcquireAnswer.Accepted)
                .hasSize(25);
        assertThat(answers).filteredOn(RegionConformance::isOutOfStock).hasSize(75);
        assertThat(fixture().liveInstances()).isEqualTo(25);
        assertThat(listed(backend())).hasSize(25).isSortedAccordingTo((a, b) -> a.id().compareTo(b.id()));
    }

    @Test
    @FaultCase("F44")
    final void aRefusalLeavesNothingAndItsTokenIsGoodForAnotherZone() {
        fixture().stock(OTHER_ZONE, 1);
        AcquireRequest refused = requestFor("a").zone(ZONE).build();

        assertThat(backend().acquire(refused)).matches(RegionConformance::isOutOfStock);

        assertThat(backend().find(refused.token())).isEqualTo(new FindAnswer.NotFound());
        assertThat(listed(backend())).isEmpty();
        AcquireRequest elsewhere = requestFor("a").zone(OTHER_ZONE).build();
        assertThat(elsewhere.token()).isEqualTo(refused.token());
        assertThat(accepted(elsewhere).tags().offer().zone().value()).isEqualTo(OTHER_ZONE);
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
    final void whatIsNotOfferedIsToldFromWhatIsOutOfStock() {
        fixture().stock(ZONE, 5);

        assertThat(refusal(requestFor("a")
                        .gpuModel(RegionFixture.MODEL_NOT_OFFERED)
                        .build()))
                .isInstanceOf(Refusal.NotOffered.class);
    }

    @Test
    @FaultCase("F55")
    final void theQuotaIsToldFromStock() {
        fixture().stock(ZONE, 5);
        fixture().quota(1);
        accepted(requestFor("a").build());

        assertThat(refusal(requestFor("b").build())).isInstanceOf(fixture().refusalAtQuota());
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
    final void aTokenWithOtherParametersIsInvalidAndChangesNothing() {
        fixture().stock(ZONE, 5);
        fixture().stock(OTHER_ZONE, 5);
        Instance first = accepted(requestFor("a").zone(ZONE).build());

        assertThat(refusal(requestFor("a").zone(OTHER_ZONE).build())).isInstanceOf(Refusal.Invalid.class);

        assertThat(listed(backend())).extracting(Instance::id).containsExactly(first.id());
        assertThat(fixture().instancesEver()).isEqualTo(1);
    }

    @Test
    final void theTokenOfATerminatedInstanceIsSpentAndTheNextBuysAnother() {
        fixture().stock(ZONE, 5);
        AcquireRequest request = requestFor("a").build();
        Instance first = accepted(request);
        terminate(first.id());

        assertThat(backend().acquire(request)).isEqualTo(new AcquireAnswer.Spent(first.id()));
        Instance second =
                accepted(requestFor("a").token("f".repeat(64)).incarnation(1).build());

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.tags().incarnation()).isEqualTo(1);
        assertThat(fixture().liveInstances()).isEqualTo(1);
    }

    @Test
    final void terminatingIsIdempotentAndFreesTheStock() {
        fixture().stock(ZONE, 1);
        Instance instance = accepted(requestFor("a").build());

        assertThat(backend().terminate(instance.id())).isNotInstanceOf(TerminateAnswer.Unknown.class);
        terminate(instance.id());

        assertThat(backend().terminate(instance.id())).isEqualTo(new TerminateAnswer.Gone());
        assertThat(isGone(backend().describe(instance.id()))).isTrue();
        assertThat(listed(backend())).isEmpty();
        accepted(requestFor("b").build());
    }

    @Test
    final void anIdThatNeverWasIsGone() {
        assertThat(backend().terminate(fixture().idThatNeverWas())).isEqualTo(new TerminateAnswer.Gone());
        assertThat(backend().describe(fixture().idThatNeverWas())).isEqualTo(new FindAnswer.NotFound());
        assertThat(backend().describe(new InstanceId("no id/at all?"))).isEqualTo(new FindAnswer.NotFound());
    }

    @Test
    final void aClusterSeesAndEndsItsOwnInstancesOnly() {
        fixture().stock(ZONE, 5);
        RegionBackend theirs = fixture().open("cluster-2");
        Instance ours = accepted(requestFor("a").build());
        AcquireRequest theirRequest = requestFor("b").cluster("cluster-2").build();
        Instance other = ((AcquireAnswer.Accepted) theirs.acquire(theirRequest)).instance();

        assertThat(listed(backend())).extracting(Instance::id).containsExactly(ours.id());
        assertThat(listed(theirs)).extracting(Instance::id).containsExactly(other.id());
        assertThat(backend().describe(other.id())).isEqualTo(new FindAnswer.NotFound());
        assertThat(backend().find(theirRequest.token())).isEqualTo(new FindAnswer.NotFound());
        backend().terminate(other.id());
        assertThat(found(theirs.describe(other.id())).state().isLive()).isTrue();
        assertThat(fixture().liveInstances()).isEqualTo(2);
    }

    @Test
    @FaultCase("F51")
    final void whoOpensTheRegionAnewFindsEverythingByTags() {
        fixture().stock(ZONE, 5);
        Instance instance = accepted(requestFor("a").build());
        backend().close();

        RegionBackend next = fixture().open(CLUSTER);

        assertThat(listed(next)).extracting(Instance::id).containsExactly(instance.id());
        assertThat(listed(next).getFirst().tags()).isEqualTo(instance.tags());
    }

    @Test
    final void capabilitiesDeclareASettleThatCoversARequest() {
        Duration deadline = Duration.ofSeconds(3);

        assertThat(fixture().open(CLUSTER, deadline).capabilities().settle()).isGreaterThanOrEqualTo(deadline);
        assertThat(backend().capabilities().zoneCapacity().cpuMillis()).isPositive();
    }

    private static boolean isGone(FindAnswer answer) {
        return switch (answer) {
            case FindAnswer.Found(Instance instance) -> instance.state() == Instance.State.GONE;
            case FindAnswer.NotFound() -> true;
            case FindAnswer.Unknown(String why) -> false;
        };
    }
}
