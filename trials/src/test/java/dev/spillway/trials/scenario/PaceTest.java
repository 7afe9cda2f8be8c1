package dev.spillway.trials.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    @Test
    void asWrittenWaitsAsLongAsIsWritten() {
        assertThat(Pace.asWritten().within(0, seconds(30))).isEqualTo(seconds(30));
    }

    @Test
    void hurriedWaitsAFewTimesAsLongAsItTookBeforeButNotLongerThanIsWritten() {
        var before = Pace.asWritten();
        before.took(0, Duration.ofMillis(10));
        before.took(1, seconds(3));
        before.took(2, seconds(20));

        var hurried = before.hurried();

        assertThat(hurried.isHurried()).isTrue();
        assertThat(hurried.within(0, seconds(30))).isBetween(seconds(3), seconds(10));
        assertThat(hurried.within(1, seconds(30))).isEqualTo(seconds(12));
        assertThat(hurried.within(2, seconds(30))).isEqualTo(seconds(30));
    }
}
