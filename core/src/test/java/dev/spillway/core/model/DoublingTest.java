package dev.spillway.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DoublingTest {
    private static final Doubling PAUSES = new Doubling(Duration.ofSeconds(2), Duration.ofSeconds(15));

    @Test
    void doublesUpToTheLimit() {
        assertThat(IntStream.of(1, 2, 3, 4, 5, Integer.MAX_VALUE).mapToObj(PAUSES::at))
                .extracting(Duration::toSeconds)
                .containsExactly(2L, 4L, 8L, 15L, 15L, 15L);
    }

    @Test
    void goesOnFromTheLast() {
        assertThat(PAUSES.after(Duration.ofSeconds(4))).isEqualTo(Duration.ofSeconds(8));
        assertThat(PAUSES.after(Duration.ofSeconds(15))).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void neverExceedsTheLimitNotEvenAtFirst() {
        assertThat(new Doubling(Duration.ofSeconds(20), Duration.ofSeconds(15)).at(1))
                .isEqualTo(Duration.ofSeconds(15));
    }
}
