package dev.spillway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class DistributionTest {
    @Test
    void percentileIsTheNearestRank() {
        var hundred = Distribution.of(LongStream.rangeClosed(1, 100)
                .mapToObj(i -> Duration.ofMillis(101 - i))
                .toList());

        assertThat(hundred.percentile(50)).isEqualTo(Duration.ofMillis(50));
        assertThat(hundred.percentile(99)).isEqualTo(Duration.ofMillis(99));
        assertThat(hundred.percentile(100)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void percentileOfFewIsOneOfThem() {
        var three = Distribution.of(List.of(Duration.ofMillis(3), Duration.ofMillis(1), Duration.ofMillis(2)));

        assertThat(three.percentile(50)).isEqualTo(Duration.ofMillis(2));
        assertThat(three.percentile(99)).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void nothingMeasuredIsNoZero() {
        assertThat(Distribution.of(List.of()).millis(99)).isEqualTo("-");
    }
}
