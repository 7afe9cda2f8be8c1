package dev.spillway.embedded.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    /** The cases of apimachinery util/duration, duration_test.go. */
    @ParameterizedTest
    @CsvSource({
        "-2, <invalid>",
        "-1, 0s",
        "0, 0s",
        "1, 1s",
        "70, 70s",
        "119, 119s",
        "120, 2m",
        "190, 3m10s",
        "600, 10m",
        "10799, 179m",
        "10800, 3h",
        "11520, 3h12m",
        "28800, 8h",
        "172799, 47h",
        "172800, 2d",
        "180000, 2d2h",
        "691200, 8d",
        "63071999, 729d",
        "63072000, 2y",
        "66000000, 2y33d",
        "252288000, 8y"
    })
    void lengthsAreShort(long seconds, String text) {
        assertThat(Durations.text(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @Test
    void aTimeThatIsNotThereIsUnknown() {
        assertThat(Durations.since(null, Instant.EPOCH)).isEqualTo("<unknown>");
        assertThat(Durations.since("yesterday", Instant.EPOCH)).isEqualTo("<unknown>");
        assertThat(Durations.since("1970-01-01T00:00:00Z", Instant.ofEpochSecond(5)))
                .isEqualTo("5s");
    }
}
