package dev.spillway.app.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where each pod went, how long that took, and why it is not elsewhere, as text with aligned columns. */
final class PlacementTable {
    private static final List<String> HEADER =
            List.of("POD", "UNIT", "REGION", "MODEL", "CREATE->BOUND", "CREATE->RUNNING", "NOW", "PASSED OVER");
    private static final String PASSED_OVER = "; passed over ";

    private PlacementTable() {}

    /**
     * One pod.
     *
     * @param unit position of the unit that placed it, empty where no policy did
     * @param scheduled message of its event Scheduled, empty where there is none
     * @param now Running, left, or another phase
     */
    record Row(
            String pod,
            String unit,
            String region,
            String model,
            @Nullable Duration boundAfter,
            @Nullable Duration runningAfter,
            String now,
            String scheduled) {}

    /** The table, line by line; below it each reason in full, as the event says it. */
    static List<String> lines(List<Row> rows) {
        Map<String, Integer> noteByText = new LinkedHashMap<>();
        var cells = new ArrayList<List<String>>();
        cells.add(HEADER);
        for (Row row : rows) {
            String why = passedOver(row.scheduled());
            String note = why.isEmpty()
                    ? ""
                    : "[%d]".formatted(noteByText.computeIfAbsent(why, text -> noteByText.size() + 1));
            cells.add(List.of(
                    row.pod(),
                    row.unit().isEmpty() ? "-" : row.unit(),
                    row.region(),
                    row.model(),
                    millis(row.boundAfter()),
                    millis(row.runningAfter()),
                    row.now(),
                    note));
        }
        var lines = new ArrayList<>(aligned(cells));
        noteByText.forEach((text, number) -> lines.add("[%d] %s".formatted(number, text)));
        return lines;
    }

    /** What an event Scheduled says about the units before the one that won; empty where it says nothing. */
    static String passedOver(String scheduled) {
        int at = scheduled.indexOf(PASSED_OVER);
        return at < 0 ? "" : scheduled.substring(at + PASSED_OVER.length());
    }

    private static String millis(@Nullable Duration time) {
        return time == null ? "-" : time.toMillis() + " ms";
    }

    private static List<String> aligned(List<List<String>> cells) {
        int columns = HEADER.size();
        int[] width = new int[columns];
        for (List<String> row : cells) {
            for (int i = 0; i < columns; i++) {
                width[i] = Math.max(width[i], row.get(i).length());
            }
        }
        var lines = new ArrayList<String>();
        for (List<String> row : cells) {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                boolean isTime = HEADER.get(i).startsWith("CREATE");
                line.append(("%" + (isTime ? "" : "-") + width[i] + "s").formatted(row.get(i)))
                        .append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
