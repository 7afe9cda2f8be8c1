package dev.spillway.core.rescue;

import static dev.spillway.core.testing.OfferBuilder.anOffer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Offer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a start is waited for: R11.7. */
final class StartTimesTest {
    private static final Offer OFFER = anOffer("region-a").build();

    private final StartTimes times = new StartTimes();

    private void start(int count, Duration took) {
        for (int i = 0; i < count; i++) {
            times.started(OFFER, took);
        }
    }

    @Test
    void aQuarterOfAnHourAsLongAsFewStartsAreKnown() {
        assertThat(times.deadline(OFFER)).isEqualTo(Duration.ofMinutes(15));

        start(4, Duration.ofSeconds(1));

        assertThat(times.deadline(OFFER)).isEqualTo(Duration.ofMinutes(15));
    }

    @ParameterizedTest
    @CsvSource({"PT1S, PT5M", "PT1M15S, PT5M", "PT1M16S, PT5M4S", "PT10M, PT40M", "PT15M, PT1H", "PT9H, PT1H"})
    void fourTimesTheSlowestWithinFiveMinutesAndAnHour(Duration slowest, Duration deadline) {
        start(4, Duration.ofMillis(10));
        times.started(OFFER, slowest);

        assertThat(times.deadline(OFFER)).isEqualTo(deadline);
    }

    @Test
    void onlyTheLastTwentyCount() {
        times.started(OFFER, Duration.ofMinutes(10));
        start(19, Duration.ofSeconds(3));
        assertThat(times.deadline(OFFER)).isEqualTo(Duration.ofMinutes(40));

        start(1, Duration.ofSeconds(3));

        assertThat(times.deadline(OFFER)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void offersAreLearnedOneByOne() {
        start(5, Duration.ofMinutes(10));

        assertThat(times.deadline(anOffer("region-b").build())).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void offersThatNothingStartedOfForLongestAreForgotten() {
        start(5, Duration.ofMinutes(10));
        for (int i = 0; i < StartTimes.MOST_OFFERS - 1; i++) {
            times.started(anOffer("region-a").zone("zone-" + i).build(), Duration.ofSeconds(1));
        }
        assertThat(times.deadline(OFFER)).isEqualTo(Duration.ofMinutes(40));

        times.started(anOffer("region-b").build(), Duration.ofSeconds(1));

        assertThat(times.deadline(OFFER)).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void saysHowLongStartsTake() {
        assertThat(times.usual(OFFER)).isEqualTo("no other start of this offer has been seen yet");
        start(1, Duration.ofMillis(3_200));
        assertThat(times.usual(OFFER)).isEqualTo("the only start of this offer seen so far took 4 s");
        start(1, Duration.ofSeconds(135));
        assertThat(times.usual(OFFER)).isEqualTo("the last 2 starts of this offer took 2 min 15 s at most");
    }
}
