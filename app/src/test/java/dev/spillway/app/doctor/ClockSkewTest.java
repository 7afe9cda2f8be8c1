package dev.spillway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.doctor.Diagnosis.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClockSkewTest {
    @TempDir
    private Path folder = Path.of("");

    /** The server said 12:00:10, so it was between that and a second later. */
    @ParameterizedTest
    @CsvSource({
        "12:00:10.2, 12:00:10.4, PT0S", // the same second
        "12:00:09.0, 12:00:10.1, PT0S", // it ticked meanwhile
        "12:00:10.9, 12:00:11.3, PT0S",
        "12:00:13.0, 12:00:13.1, PT2S", // at least two ahead
        "12:00:01.0, 12:00:04.0, PT-6S", // at least six behind
    })
    void onlyWhatIsCertainCounts(String before, String after, Duration ahead) {
        assertThat(ClockSkew.ahead(Instant.parse("2026-11-30T12:00:10Z"), at(before), at(after)))
                .isEqualTo(ahead);
    }

    @Test
    void aWrongClockIsWorthKnowing() throws IOException {
        try (var home = new HomeCluster();
                var cluster = home.open(folder)) {
            InstantSource fast = () -> Instant.now().plusSeconds(60);
            var found = new ApiServerCheck(new Home(cluster), fast).look();

            assertThat(found).extracting(Diagnosis::subject).containsExactly("API server", "clock");
            assertThat(found.getLast().verdict()).isEqualTo(Verdict.WORTH_KNOWING);
            assertThat(found.getLast().what()).matches("this machine's clock is (59|60) s ahead of the API server's");
        }
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-30T" + time + "Z");
    }
}
