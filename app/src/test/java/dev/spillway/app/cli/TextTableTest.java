package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TextTableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var rows = List.of(List.of("POD", "TIME", "NOW"), List.of("web-1", "7 ms", ""), List.of("", "10 ms", "gone"));

        assertThat(TextTable.lines(rows, Set.of(1)))
                .containsExactly(
                        "POD     TIME  NOW", //
                        "web-1   7 ms",
                        "       10 ms  gone");
    }
}
