package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.core.cluster.PodSpec;
import dev.spillway.core.region.AcquireAnswer;
import dev.spillway.core.region.AcquireRequest;
import dev.spillway.core.region.FindAnswer;
import dev.spillway.core.region.Instance;
import dev.spillway.core.region.InstanceId;
import dev.spillway.core.region.ListAnswer;
import dev.spillway.core.region.Refusal;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.region.TerminateAnswer;
import dev.spillway.core.region.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SimulatedRegionsTest {
    private static final RegionId REGION = new RegionId("region-a");
    private static final List<ZoneId> ZONES = List.of(new ZoneId("region-a-1"), new ZoneId("region-a-2"));
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final int CHANGES_KEPT = 40;

    private final SimulatedRegions regions = new SimulatedRegions("i", CHANGES_KEPT);
    private Instant now = START;

    @Test
    void sellsUntilTheStockIsGoneAndAgainWhenAnInstanceIsGone() {
        define(stock("L20", 1));
        Instance first = accepted(requestFor("a").build());

        assertThat(refusal(requestFor("b").build())).isInstanceOf(Refusal.OutOfStock.class);
        assertThat(terminate(first.id())).isInstanceOf(TerminateAnswer.Ending.class);
        assertThat(refusal(requestFor("b").build()))
                .as("an ending instance still holds its capacity")
                .isInstanceOf(Refusal.OutOfStock.class);
        pass(Duration.ofMillis(100));
        assertThat(terminate(first.id())).isInstanceOf(TerminateAnswer.Gone.class);
        assertThat(accepted(requestFor("b").build()).id()).isNotEqualTo(first.id());
    }

    @Test
    void whatIsNotDeclaredIsNotSold() {
        regions.define(
                REGION,
                new RegionDefinition(
                        ZONES,
                        List.of(OfferSelector.ofModel("L20")),
                        List.of(line(OfferSelector.ANY, 5)),
                        Behaviour.DEFAULT),
                now);

        assertThat(refusal(requestFor("a").gpuModel("H20").build())).isInstanceOf(Refusal.NotOffered.class);
        assertThat(refusal(requestFor("a").zone("elsewhere").build())).isInstanceOf(Refusal.NotOffered.class);
        assertThat(accepted(requestFor("a").build()).state()).isEqualTo(Instance.State.STARTING);
    }

    @Test
    void anOfferWithoutAStockLineIsOutOfStock() {
        define(stock("L20", 5));

        assertThat(refusal(requestFor("a").gpuModel("H20").build())).isInstanceOf(Refusal.OutOfStock.class);
    }

    @Test
    void anUndefinedRegionRefusesAndSaysWhatIsWrong() {
        assertThat(refusal(requestFor("a").build()))
                .isEqualTo(new Refusal.Unavailable("Region region-a is not defined here; define it first."));

        regions.reject(REGION, "Region region-a: stock line 1 has no script.");

        assertThat(refusal(requestFor("a").build()))
                .isEqualTo(new Refusal.Unavailable("Region region-a: stock line 1 has no script."));
    }

    @Test
    void aLineIsOnePoolForAllThatItMatches() {
        define(line(OfferSelector.ANY, 2));

        accepted(requestFor("a").gpuModel("L20").build());
        accepted(requestFor("b").gpuModel("H20").zone("region-a-2").build());

        assertThat(refusal(requestFor("c").gpuModel("A10").build())).isInstanceOf(Refusal.OutOfStock.class);
    }

    @Test
    void theFirstMatchingLineCounts() {
        define(stock("L20", 0), line(OfferSelector.ANY, 1));

        assertThat(refusal(requestFor("a").build())).isInstanceOf(Refusal.OutOfStock.class);
        accepted(requestFor("b").gpuModel("H20").build());
    }

    @Test
    void stockSetAtRunTimeCountsWhatRunsAndEndsWhenTheDefinitionChanges() {
        define(stock("L20", 1));
        accepted(requestFor("a").build());

        regions.setStock(REGION, OfferSelector.ofModel("L20"), 2, now);
        accepted(requestFor("b").build());
        assertThat(refusal(requestFor("c").build())).isInstanceOf(Refusal.OutOfStock.class);

        define(stock("L20", 1));
        assertThat(regions.stock(REGION, now).getFirst().overridden())
                .as("the same definition again is no change")
                .isTrue();

        define(stock("L20", 3));
        assertThat(regions.stock(REGION, now).getFirst()).isEqualTo(new StockLevel(stock("L20", 3), false, 3, 2));
        accepted(requestFor("c").build());
        assertThat(refusal(requestFor("d").build())).isInstanceOf(Refusal.OutOfStock.class);
    }

    @Test
    void settingOneModelLeavesTheOthersOfTheLineAlone() {
        define(line(OfferSelector.ANY, 1));

        regions.setStock(REGION, OfferSelector.ofModel("L20"), 0, now);

        assertThat(refusal(requestFor("a").build())).isInstanceOf(Refusal.OutOfStock.class);
        accepted(requestFor("b").gpuModel("H20").build());
    }

    @Test
    void fallingStockSellsNothingNewAndTakesNothingAway() {
        define(stock("L20", 2));
        Instance running = accepted(requestFor("a").build());
        pass(Duration.ofSeconds(1));

        regions.setStock(REGION, OfferSelector.ofModel("L20"), 0, now);

        assertThat(refusal(requestFor("b").build())).isInstanceOf(Refusal.OutOfStock.class);
        assertThat(described(running.id()).state()).isEqualTo(Instance.State.RUNNING);
        assertThat(regions.stock(REGION, now).getFirst().free()).isZero();
    }

    @Test
    void theScriptOfALineThatStaysGoesOnWhenTheDefinitionChanges() {
        StockLine scheduled = new StockLine(
                OfferSelector.ofModel("L20"),
                new StockScript.Schedule(List.of(new StockScript.Schedule.Step(Duration.ofSeconds(60), 1))));
        define(scheduled);
        pass(Duration.ofSeconds(30));
        define(scheduled, stock("H20", 1));
        pass(Duration.ofSeconds(29));

        assertThat(refusal(requestFor("a").build())).isInstanceOf(Refusal.OutOfStock.class);
        pass(Duration.ofSeconds(1));
        accepted(requestFor("a").build());
    }

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
    void theQuotaIsItsOwnReason() {
        regions.define(
                REGION,
                new RegionDefinition(ZONES, List.of(), List.of(stock("L20", 5)), Behaviour.DEFAULT.withQuota(1)),
                now);
        accepted(requestFor("a").build());

        assertThat(refusal(requestFor("b").build())).isInstanceOf(Refusal.QuotaReached.class);
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
    void runTimeChangesNeedADefinedRegion() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regions.setStock(REGION, OfferSelector.ANY, 1, now))
                .withMessage("Region region-a is not defined here; define it first.");
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

    @Test
    void statisticsCountEveryCallByOfferAndOutcome() {
        define(stock("L20", 1));
        AcquireRequest request = requestFor("a").build();
        accepted(request);
        accepted(request);
        refusal(requestFor("b").build());

        assertThat(regions.acquireCounts().get(request.offer()))
                .containsExactlyInAnyOrderEntriesOf(java.util.Map.of(
                        AcquireCall.Outcome.ACCEPTED, 1L,
                        AcquireCall.Outcome.REPEATED, 1L,
                        AcquireCall.Outcome.OUT_OF_STOCK, 1L));
        assertThat(regions.acquireCallsAfter(1))
                .extracting(AcquireCall::outcome)
                .containsExactly(AcquireCall.Outcome.REPEATED, AcquireCall.Outcome.OUT_OF_STOCK);
    }

    @Test
    void historyTellsWhatAnInstanceCost() {
        define(new StockLine(OfferSelector.ofModel("L20"), new StockScript.Constant(1), 3_600_000, null));
        Instance instance = accepted(requestFor("a").build());
        pass(Duration.ofSeconds(90));
        terminate(instance.id());
        pass(Duration.ofHours(1));

        HistoryEntry entry = regions.history().getFirst();
        // 3.6 dollars per hour are 1,000 micro dollars per second.
        assertThat(entry.costMicrosUsd(now)).isEqualTo(90_000);
        assertThat(entry.releasedAt()).isEqualTo(START.plusSeconds(90).plusMillis(100));
    }

    /** Whatever is asked in whatever order, what holds capacity is counted right, and the same calls give the same answers. */
    @Test
    void randomCallsKeepTheBooksAndAreRepeatable() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(randomRun(seed)).as("seed %d", seed).isEqualTo(randomRun(seed));
        }
    }

    private static List<String> randomRun(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedRegions regions = new SimulatedRegions("i", CHANGES_KEPT);
        Behaviour behaviour = new Behaviour(
                Behaviour.Delays.DEFAULT,
                new Behaviour.Faults(100, 200),
                new Outage.None(),
                Duration.ZERO,
                8,
                Duration.ofSeconds(3),
                seed);
        regions.define(
                REGION,
                new RegionDefinition(ZONES, List.of(), List.of(stock("L20", 4), line(OfferSelector.ANY, 6)), behaviour),
                START);
        List<String> trace = new ArrayList<>();
        Instant now = START;
        for (int step = 0; step < 150; step++) {
            now = now.plusMillis(random.nextInt(300));
            List<HistoryEntry> ever = regions.history();
            switch (random.nextInt(4)) {
                case 0, 1 ->
                    trace.add(regions.acquire(
                                    requestFor("pod-" + random.nextInt(60))
                                            .gpuModel(random.nextBoolean() ? "L20" : "H20")
                                            .restartPolicy(PodSpec.RestartPolicy.NEVER)
                                            .build(),
                                    now)
                            .toString());
                case 2 -> {
                    if (!ever.isEmpty()) {
                        InstanceId id =
                                ever.get(random.nextInt(ever.size())).instance().id();
                        trace.add(
                                regions.terminate(REGION, "cluster-1", id, now).toString());
                    }
                }
                default -> regions.setStock(REGION, OfferSelector.ofModel("L20"), random.nextInt(6), now);
            }
            long live = regions.history().stream()
                    .filter(entry -> entry.instance().state().isLive())
                    .count();
            long held = regions.stock(REGION, now).stream()
                    .mapToLong(StockLevel::held)
                    .sum();
            assertThat(held).as("seed %d, step %d", seed, step).isEqualTo(live).isLessThanOrEqualTo(8);
            assertThat(regions.history())
                    .allMatch(entry -> (entry.releasedAt() == null)
                            == entry.instance().state().isLive());
        }
        return trace;
    }

    private static StockLine stock(String gpuModel, int instances) {
        return line(OfferSelector.ofModel(gpuModel), instances);
    }

    private static StockLine line(OfferSelector offers, int instances) {
        return new StockLine(offers, new StockScript.Constant(instances));
    }

    private void define(StockLine... lines) {
        regions.define(REGION, new RegionDefinition(ZONES, List.of(), List.of(lines), Behaviour.DEFAULT), now);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        regions.advance(now);
    }

    private Reply<AcquireAnswer> acquire(AcquireRequest request) {
        return regions.acquire(request, now);
    }

    private Instance accepted(AcquireRequest request) {
        AcquireAnswer answer = acquire(request).answer();
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        return ((AcquireAnswer.Accepted) answer).instance();
    }

    private Refusal refusal(AcquireRequest request) {
        AcquireAnswer answer = acquire(request).answer();
        assertThat(answer).isInstanceOf(AcquireAnswer.Refused.class);
        return ((AcquireAnswer.Refused) answer).refusal();
    }

    private TerminateAnswer terminate(InstanceId instance) {
        return regions.terminate(REGION, "cluster-1", instance, now).answer();
    }

    private Instance described(InstanceId instance) {
        return ((FindAnswer.Found)
                        regions.describe(REGION, "cluster-1", instance, now).answer())
                .instance();
    }

    private List<Instance> listed() {
        return ((ListAnswer.Complete) regions.list(REGION, "cluster-1", now).answer()).instances();
    }

    private Happening.Result happen(InstanceId instance, Happening happening) {
        return regions.happen(REGION, instance, happening, now);
    }
}
