package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.TerminateAnswer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sold, and what is not. */
final class SimulatedStockTest extends SimulatedRegionsCase {
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
    void theQuotaIsItsOwnReason() {
        regions.define(
                REGION,
                new RegionDefinition(ZONES, List.of(), List.of(stock("L20", 5)), Behaviour.DEFAULT.withQuota(1)),
                now);
        accepted(requestFor("a").build());

        assertThat(refusal(requestFor("b").build())).isInstanceOf(Refusal.QuotaReached.class);
    }

    @Test
    void runTimeChangesNeedADefinedRegion() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regions.setStock(REGION, OfferSelector.ANY, 1, now))
                .withMessage("Region region-a is not defined here; define it first.");
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
}
