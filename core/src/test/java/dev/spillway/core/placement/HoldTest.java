package dev.spillway.core.placement;

import static dev.spillway.core.testing.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.testing.UnitBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * When a pod stays with a unit that did not take it (R5.1 to R5.7): one table, which says something about every situation there is.
 */
class HoldTest {
    private static final Instant SINCE = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** A cell names values that are meant, {@code *} all. Each situation is in one row. */
    private static final String TABLE = """
        rule                         | kind                 | cap              | wait label | at cap | terminating | waited    | the pod
        LackResourceOrExceedMax      | *                    | *                | *          | *      | *           | *         | goes on
        ExceedMax                    | *                    | none             | *          | *      | *           | *         | goes on
        ExceedMax                    | *                    | max maxResources | *          | yes    | *           | *         | goes on
        ExceedMax                    | *                    | max maxResources | *          | no     | *           | *         | stays for room
        TimeoutOrExceedMax           | acs                  | *                | *          | *      | *           | *         | goes on
        TimeoutOrExceedMax           | eci ecs idc elastic  | *                | *          | yes    | *           | *         | goes on
        TimeoutOrExceedMax           | eci ecs idc elastic  | max maxResources | *          | no     | *           | 0s 59s    | stays for a minute
        TimeoutOrExceedMax           | eci ecs idc elastic  | max maxResources | *          | no     | *           | 60s 3600s | goes on
        TimeoutOrExceedMax           | eci ecs idc          | none             | no         | no     | *           | *         | goes on
        TimeoutOrExceedMax           | eci ecs idc          | none             | yes        | no     | *           | 0s 59s    | stays for a minute
        TimeoutOrExceedMax           | eci ecs idc          | none             | yes        | no     | *           | 60s 3600s | goes on
        TimeoutOrExceedMax           | elastic              | none             | *          | no     | *           | 0s 59s    | stays for a minute
        TimeoutOrExceedMax           | elastic              | none             | *          | no     | *           | 60s 3600s | goes on
        Timeout                      | acs                  | *                | *          | *      | *           | *         | goes on
        Timeout                      | eci ecs idc elastic  | *                | *          | *      | *           | 0s 59s    | stays for a minute
        Timeout                      | eci ecs idc elastic  | *                | *          | *      | *           | 60s 3600s | goes on
        LackResourceAndNoTerminating | *                    | *                | *          | *      | 0           | *         | goes on
        LackResourceAndNoTerminating | *                    | *                | *          | *      | 2           | *         | stays for the terminating
        """;

    record Row(List<List<String>> cells) {
        static Row parse(String line) {
            return new Row(Arrays.stream(line.split("\\|"))
                    .map(cell -> List.of(cell.strip().split(" +")))
                    .toList());
        }

        boolean means(Situation situation) {
            var values = situation.values();
            for (int i = 0; i < values.size(); i++) {
                if (!cells.get(i).contains("*") && !cells.get(i).contains(values.get(i))) {
                    return false;
                }
            }
            return true;
        }

        String answer() {
            return String.join(" ", cells.getLast());
        }

        @Override
        public String toString() {
            return String.join(
                    " | ", cells.stream().map(cell -> String.join(" ", cell)).toList());
        }
    }

    /** Values of the columns, in their order. */
    record Situation(List<String> values) {
        Unit unit() {
            var kind = aUnit(Unit.Resource.valueOf(values.get(1).toUpperCase(Locale.ROOT)));
            var capped = capped(kind, values.get(2));
            return (values.get(3).equals("yes") ? capped.waitingForNodes() : capped).build();
        }

        private static UnitBuilder capped(UnitBuilder unit, String cap) {
            return switch (cap) {
                case "none" -> unit;
                case "max" -> unit.max(5);
                case "maxResources" -> unit.maxResources(Map.of("cpu", 4000L));
                default -> throw new AssertionError(cap);
            };
        }

        WhenTryNextUnits.Rule rule() {
            return WhenTryNextUnits.Rule.valueOf(
                    values.get(0).replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
        }

        boolean atCap() {
            return values.get(4).equals("yes");
        }

        int terminating() {
            return Integer.parseInt(values.get(5));
        }

        Instant now() {
            return SINCE.plus(Duration.parse("PT" + values.get(6)));
        }
    }

    static List<Row> rows() {
        return TABLE.lines().skip(1).map(Row::parse).toList();
    }

    private static List<Situation> situations() {
        var columns = List.of(
                List.of(
                        "LackResourceOrExceedMax",
                        "ExceedMax",
                        "TimeoutOrExceedMax",
                        "Timeout",
                        "LackResourceAndNoTerminating"),
                List.of("acs", "eci", "ecs", "idc", "elastic"),
                List.of("none", "max", "maxResources"),
                List.of("yes", "no"),
                List.of("yes", "no"),
                List.of("0", "2"),
                List.of("0s", "59s", "60s", "3600s"));
        var all = List.of(List.<String>of());
        for (var column : columns) {
            all = all.stream()
                    .flatMap(begun -> column.stream().map(value -> plus(begun, value)))
                    .toList();
        }
        return all.stream()
                .filter(values ->
                        !(values.get(2).equals("none") && values.get(4).equals("yes")))
                .map(Situation::new)
                .toList();
    }

    private static List<String> plus(List<String> begun, String value) {
        var more = new ArrayList<>(begun);
        more.add(value);
        return List.copyOf(more);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aPodThatTheUnitDidNotTake(Row row) {
        var meant = situations().stream().filter(row::means).toList();

        assertThat(meant).isNotEmpty().allSatisfy(it -> {
            var leaving = new WhenTryNextUnits(it.rule(), TIMEOUT);
            var hold = Hold.of(leaving, it.unit(), it.atCap(), it.terminating(), SINCE, it.now());
            assertThat(hold).isEqualTo(expected(row.answer()));
        });
    }

    private static Hold expected(String answer) {
        return switch (answer) {
            case "goes on" -> new Hold.No();
            case "stays for room" -> new Hold.ForRoom();
            case "stays for a minute" -> new Hold.Until(SINCE.plus(TIMEOUT));
            case "stays for the terminating" -> new Hold.ForTerminating(2);
            default -> throw new AssertionError(answer);
        };
    }

    @Test
    void theTableSaysOneThingAboutEachSituation() {
        assertThat(situations())
                .allSatisfy(it ->
                        assertThat(rows()).filteredOn(row -> row.means(it)).hasSize(1));
    }
}
