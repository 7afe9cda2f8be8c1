package dev.spillway.core.stock;

import static dev.spillway.core.testing.OfferBuilder.anOffer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Closure;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers of the stock picture (R22.7, R22.8). */
class StockPictureTest {
    private static final Offer OFFER = anOffer("a").build();
    private static final Refusal SOLD_OUT = new Refusal.OutOfStock("none");

    private final StockPicture stock = new StockPicture(new StockSettings(
            8, Duration.ofSeconds(15), Duration.ofMinutes(3), 0)); // no jitter, so that times are exact
    private Instant now = Instant.EPOCH;

    private List<StockPicture.Ticket> askAll() {
        var tickets = new ArrayList<StockPicture.Ticket>();
        while (stock.availability(OFFER, now) instanceof Availability.Ask) {
            tickets.add(stock.asked(OFFER, 0, now));
        }
        return tickets;
    }

    @Test
    void neverAskedLetsEightInAndDoublesWithEachSuccess() {
        var first = askAll();
        assertThat(first).hasSize(8);
        assertThat(stock.availability(OFFER, now)).isInstanceOf(Availability.Busy.class);
        stock.accepted(first.getFirst(), now);
        assertThat(askAll()).hasSize(16 - 7);
    }

    @Test
    void waveOfRefusalsCountsOnce() {
        var wave = askAll();
        wave.forEach(ticket -> stock.refused(ticket, SOLD_OUT, now));
        assertThat(stock.closedUntil(OFFER, now)).isEqualTo(now.plusSeconds(15));
    }

    @Test
    void aRegionDeclaredOtherwiseIsAskedAsIfForTheFirstTime() {
        askAll().forEach(ticket -> stock.refused(ticket, SOLD_OUT, now));

        stock.reconsider(OFFER.region());

        assertThat(askAll()).hasSize(8);
    }

    @Test
    void aRegionDeclaredOtherwiseKeepsWhatItSells() {
        askAll().forEach(ticket -> stock.accepted(ticket, now));

        stock.reconsider(OFFER.region());

        assertThat(stock.availability(OFFER, now)).isEqualTo(new Availability.Ask(true));
    }

    @Test
    void aRegionThatIsGoneLeavesNothingBehind() {
        var late = askAll();
        stock.refused(late.getFirst(), new Refusal.Unavailable("gone"), now);

        stock.forget(OFFER.region());
        late.forEach(ticket -> stock.refused(ticket, SOLD_OUT, now));

        assertThat(stock.lines(OFFER.region(), now)).isEmpty();
        assertThat(askAll()).hasSize(8);
    }

    @Test
    void soldOutDoublesToThreeMinutes() {
        var seconds = new ArrayList<Long>();
        for (int i = 0; i < 6; i++) {
            var ticket = askAll().getFirst();
            stock.refused(ticket, SOLD_OUT, now);
            var until = java.util.Objects.requireNonNull(stock.closedUntil(OFFER, now));
            seconds.add(Duration.between(now, until).toSeconds());
            now = until;
        }
        assertThat(seconds).containsExactly(15L, 30L, 60L, 120L, 180L, 180L);
    }

    @Test
    void onePodProbesWhileTheOthersGoOn() {
        stock.refused(askAll().getFirst(), SOLD_OUT, now);
        now = now.plusSeconds(15);
        assertThat(askAll()).hasSize(1);
        assertThat(stock.availability(OFFER, now)).isInstanceOf(Availability.Probing.class);
    }

    @Test
    void toBeAskedChangesNothing() {
        var unknown = anOffer("a").zone("a-2").gpuModel("m2").build();
        stock.refused(askAll().getFirst(), SOLD_OUT, now);
        var over = now.plusSeconds(15);

        assertThat(stock.availability(OFFER, over)).isEqualTo(new Availability.Ask(false));
        assertThat(stock.availability(unknown, over)).isEqualTo(new Availability.Ask(false));

        assertThat(stock.availability(OFFER, now)).isEqualTo(new Availability.Closed(Closure.SOLD_OUT, over, "none"));
        assertThat(stock.closedUntil(OFFER, now)).isEqualTo(over);
        assertThat(stock.lines(OFFER.region(), now))
                .containsExactly(new StockPicture.Line(OFFER, "SoldOut", over, now));
    }

    @Test
    void anOfferIsShownAsProbingFromTheInstantAtWhichItsPauseIsOver() {
        stock.refused(askAll().getFirst(), SOLD_OUT, now);
        var over = now.plusSeconds(15);

        assertThat(stock.lines(OFFER.region(), over))
                .containsExactly(new StockPicture.Line(OFFER, "Probing", null, now));
    }

    @Test
    void acceptedProbeLetsTwoFourEightIn() {
        stock.refused(askAll().getFirst(), SOLD_OUT, now);
        now = now.plusSeconds(15);
        stock.accepted(askAll().getFirst(), now);
        var two = askAll();
        assertThat(two).hasSize(2);
        two.forEach(ticket -> stock.accepted(ticket, now));
        assertThat(askAll()).hasSize(8); // each of the two doubled the window
    }

    @Test
    void jitterStaysWithinTwentyPercent() {
        var jittered = new StockPicture(StockSettings.DEFAULT);
        for (int i = 0; i < 200; i++) {
            var offer = anOffer("a").gpuModel("m" + i).build();
            jittered.refused(jittered.asked(offer, 0, now), SOLD_OUT, now);
            var until = jittered.closedUntil(offer, now);
            assertThat(until).isBetween(now.plusSeconds(12), now.plusSeconds(18));
        }
    }

    @Test
    void throttlingClosesTheRegionAndIsNotStock() {
        var ticket = askAll().getFirst();
        stock.refused(ticket, new Refusal.Throttled(Duration.ofSeconds(7), "slow down"), now);
        assertThat(stock.availability(OFFER, now))
                .isEqualTo(new Availability.Closed(Closure.THROTTLED, now.plusSeconds(7), "slow down"));
        var other = anOffer("a").zone("a-2").gpuModel("m2").build();
        assertThat(stock.availability(other, now)).isInstanceOf(Availability.Closed.class);
    }

    @Test
    void eachClosureIsShownByItsOwnName() {
        assertThat(stateAfter(SOLD_OUT)).isEqualTo("SoldOut");
        assertThat(stateAfter(new Refusal.NotOffered("no"))).isEqualTo("NotOffered");
        assertThat(stateAfter(new Refusal.QuotaReached("no"))).isEqualTo("QuotaReached");
        assertThat(stateAfter(new Refusal.Throttled(Duration.ofSeconds(7), "slow down")))
                .isEqualTo("Throttled");
        assertThat(stateAfter(new Refusal.Unauthorised("no"))).isEqualTo("Unauthorised");
        assertThat(stateAfter(new Refusal.Unavailable("no"))).isEqualTo("Unavailable");
    }

    /** What was never asked has closed nothing, opened nothing and shown nothing; and where it was to probe, the next request does. */
    @Test
    void aRequestThatWasNeverSentSaysNothing() {
        var unprepared = new Refusal.Unprepared("no Secret");
        var first = askAll();
        first.forEach(
                ticket -> assertThat(stock.refused(ticket, unprepared, now)).isEqualTo(StockPicture.Scope.REQUEST));
        assertThat(stock.availability(OFFER, now)).isEqualTo(new Availability.Ask(false));
        assertThat(stock.lines(OFFER.region(), now)).isEmpty();

        stock.silent(stock.asked(OFFER, 0, now), "no answer", now);
        now = now.plus(Duration.ofMinutes(1));
        stock.refused(stock.asked(OFFER, 0, now), unprepared, now);
        assertThat(stock.availability(OFFER, now)).isInstanceOf(Availability.Ask.class);
        assertThat(stock.isNarrow(OFFER.region()))
                .as("nothing has shown that the region answers again")
                .isTrue();
    }

    /** What is shown of an offer that was open before it was refused. */
    private static String stateAfter(Refusal refusal) {
        var picture = new StockPicture(StockSettings.DEFAULT);
        picture.accepted(picture.asked(OFFER, 0, Instant.EPOCH), Instant.EPOCH);
        picture.refused(picture.asked(OFFER, 0, Instant.EPOCH), refusal, Instant.EPOCH);
        return picture.lines(OFFER.region(), Instant.EPOCH).getFirst().state();
    }

    @Test
    void answerOfAnEarlierWaveSaysNothing() {
        var wave = askAll();
        stock.refused(wave.get(0), SOLD_OUT, now);
        stock.accepted(wave.get(1), now);
        assertThat(stock.availability(OFFER, now)).isInstanceOf(Availability.Closed.class);
    }

    @Test
    void whatWeFreeOurselvesMayBeAskedForAtOnce() {
        stock.refused(askAll().getFirst(), SOLD_OUT, now);

        assertThat(stock.freed(OFFER)).isTrue();
        assertThat(askAll()).hasSize(1);
        assertThat(stock.freed(OFFER)).isTrue();
        assertThat(stock.freed(OFFER)).isTrue();
        assertThat(askAll()).hasSize(2);
    }

    @Test
    void aRefusalOfWhatWasAskedBeforeDoesNotHideWhatCameFreeSince() {
        var wave = askAll();
        assertThat(stock.freed(OFFER)).isFalse(); // nobody waits for an open offer
        stock.refused(wave.getFirst(), SOLD_OUT, now);
        var probe = askAll();
        assertThat(probe).hasSize(1);

        stock.refused(probe.getFirst(), SOLD_OUT, now); // somebody else was quicker
        assertThat(askAll()).isEmpty();
    }

    @Test
    void whatCameFreeLongAgoIsNotAskedForTwice() {
        var wave = askAll();
        stock.freed(OFFER);
        wave.forEach(ticket -> stock.accepted(ticket, now));
        stock.freed(OFFER);

        stock.refused(askAll().getFirst(), SOLD_OUT, now);

        assertThat(askAll()).isEmpty();
    }

    @Test
    void whatEndedBeforeARequestIsNoReasonToAskAgainAfterItsRefusal() {
        stock.refused(askAll().getFirst(), SOLD_OUT, now);
        for (int i = 0; i < 5; i++) {
            stock.freed(OFFER);
        }
        var probe = stock.asked(OFFER, 0, now);
        stock.freed(OFFER); // later than the request, which so says nothing about it

        stock.refused(probe, SOLD_OUT, now);

        var again = askAll();
        assertThat(again).hasSize(1);
        stock.refused(again.getFirst(), SOLD_OUT, now);
        assertThat(askAll()).isEmpty();
    }

    @Test
    void anEndOpensWhatIsClosedForWantOfCapacityOnly() {
        stock.refused(askAll().getFirst(), new Refusal.NotOffered("no"), now);
        assertThat(stock.freed(OFFER)).isFalse();
        assertThat(askAll()).isEmpty();

        var other = anOffer("a").zone("a-2").gpuModel("m2").build();
        stock.refused(stock.asked(other, 0, now), new Refusal.QuotaReached("8 of 8"), now);
        assertThat(stock.freed(other)).isTrue();
    }

    @Test
    void nobodyIsAskedForBesideAPodOfHigherPriority() {
        var high = stock.asked(OFFER, 10, now);
        assertThat(stock.availability(OFFER, 0, now)).isInstanceOf(Availability.Busy.class);
        assertThat(stock.availability(OFFER, 10, now)).isInstanceOf(Availability.Ask.class);
        assertThat(stock.availability(OFFER, 11, now)).isInstanceOf(Availability.Ask.class);
        var low = stock.asked(OFFER, 11, now);
        stock.accepted(low, now);
        assertThat(stock.availability(OFFER, 0, now)).isInstanceOf(Availability.Busy.class);
        stock.accepted(high, now);
        assertThat(stock.availability(OFFER, 0, now)).isInstanceOf(Availability.Ask.class);
    }

    @Test
    void whileOneOfHigherPriorityProbesTheOthersGoOn() {
        stock.refused(askAll().getFirst(), SOLD_OUT, now);
        stock.freed(OFFER);
        stock.freed(OFFER);
        stock.asked(OFFER, 10, now);
        assertThat(stock.availability(OFFER, 0, now)).isInstanceOf(Availability.Probing.class);
        assertThat(stock.availability(OFFER, 10, now)).isInstanceOf(Availability.Ask.class);
    }

    @Test
    void aSteadyStreamOfHigherPriorityKeepsTheOthersBackForHalfAMinuteOnly() {
        var before = stock.asked(OFFER, 10, now);
        for (int i = 0; i < 30; i++) {
            now = now.plusSeconds(1);
            var next = stock.asked(OFFER, 10, now);
            stock.accepted(before, now);
            before = next;
        }
        assertThat(stock.availability(OFFER, 0, now)).isInstanceOf(Availability.Ask.class);
    }
}
