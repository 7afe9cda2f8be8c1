package dev.spillway.regions.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.regions.simulated.StockScript.Schedule.Step;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StockScriptTest {
    private static final long SECOND = 1000;

    @Test
    void scheduleHasNothingBeforeItsFirstStepAndKeepsItsLast() {
        StockTimeline played = new StockTimeline(new StockScript.Schedule(
                List.of(new Step(Duration.ofSeconds(10), 4), new Step(Duration.ofSeconds(60), 0))));

        assertThat(played.at(0)).isZero();
        assertThat(played.at(10 * SECOND - 1)).isZero();
        assertThat(played.at(10 * SECOND)).isEqualTo(4);
        assertThat(played.at(60 * SECOND - 1)).isEqualTo(4);
        assertThat(played.at(1_000_000 * SECOND)).isZero();
    }

    @Test
    void scheduleOutOfOrderIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StockScript.Schedule(
                        List.of(new Step(Duration.ofSeconds(60), 1), new Step(Duration.ofSeconds(60), 2))))
                .withMessageContaining("ascending order of time");
    }

    @Test
    void traceIsPlayedAtItsSpeedAndBeginsAgain() {
        BitSet available = new BitSet();
        available.set(1);
        StockTrace recording = new StockTrace(Duration.ofSeconds(195), 3, available);
        StockTimeline played = new StockTimeline(new StockScript.Trace(recording, 7, 10));

        // 195 recorded seconds pass in 19.5.
        assertThat(played.at(19_499)).isZero();
        assertThat(played.at(19_500)).isEqualTo(7);
        assertThat(played.at(38_999)).isEqualTo(7);
        assertThat(played.at(39_000)).isZero();
        assertThat(played.at(58_500)).isZero();
        assertThat(played.at(58_500 + 19_500)).isEqualTo(7);
    }

    @Test
    void randomScriptOfOneSeedIsTheSameHoweverOftenItIsAsked() {
        StockScript.SeededRandom script =
                new StockScript.SeededRandom(7, Duration.ofSeconds(20), Duration.ofSeconds(10), 3);
        StockTimeline often = new StockTimeline(script);
        StockTimeline seldom = new StockTimeline(script);

        for (long second = 0; second < 10_000; second++) {
            int value = often.at(second * SECOND);
            assertThat(value).isIn(0, 3);
            if (second % 97 == 0) {
                assertThat(seldom.at(second * SECOND)).as("second %d", second).isEqualTo(value);
            }
        }
    }

    @Test
    void randomScriptIsAvailableForItsShareOfTheTime() {
        int available = 0;
        int asked = 0;
        for (long seed = 0; seed < 50; seed++) {
            StockTimeline played = new StockTimeline(
                    new StockScript.SeededRandom(seed, Duration.ofSeconds(30), Duration.ofSeconds(10), 1));
            for (long second = 0; second < 20_000; second += 5) {
                available += played.at(second * SECOND);
                asked++;
            }
        }

        assertThat((double) available / asked).isBetween(0.73, 0.77);
    }
}
