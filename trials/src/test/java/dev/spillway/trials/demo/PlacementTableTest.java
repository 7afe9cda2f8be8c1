package dev.spillway.trials.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.trials.demo.PlacementTable.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlacementTableTest {
    private static final String SOLD_OUT =
            "Assigned d/p to n (m2), unit 2 of policy p; passed over unit 1 (acs a m1): sold out";

    @Test
    void columnsAreAlignedAndEqualReasonsSharedInANote() {
        var rows = List.of(
                new Row("pinned", "", "c", "m3", millis(31), millis(640), "Running", "Assigned d/pinned to n (m3)"),
                new Row("one", "1", "a", "m1", millis(8), millis(510), "Running", ""),
                new Row("two", "2", "b", "m2", millis(1012), null, "Pending", SOLD_OUT),
                new Row("three", "2", "b", "m2", millis(9), millis(600), "left", SOLD_OUT));

        assertThat(PlacementTable.lines(rows))
                .containsExactly(
                        "POD     UNIT  REGION  MODEL  CREATE->BOUND  CREATE->RUNNING  NOW      PASSED OVER",
                        "pinned  -     c       m3             31 ms           640 ms  Running",
                        "one     1     a       m1              8 ms           510 ms  Running",
                        "two     2     b       m2           1012 ms                -  Pending  [1]",
                        "three   2     b       m2              9 ms           600 ms  left     [1]",
                        "[1] unit 1 (acs a m1): sold out");
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }
}
