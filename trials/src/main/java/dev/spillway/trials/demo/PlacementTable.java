package dev.spillway.trials.demo;

import dev.spillway.app.cli.TextTable;
import dev.spillway.core.model.Names;
import dev.spillway.core.reason.ScheduledText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where each pod went, how long that took, and why it is not elsewhere, as text with aligned columns. */
final class PlacementTable {
    private static final List<String> HEADER =
            List.of("POD", "UNIT", "REGION", "MODEL", "CREATE->BOUND", "CREATE->RUNNING", "NOW", "PASSED OVER");
    private static final Set<Integer> TIMES = Set.of(4, 5);
    private static final List<String> BRIEF_HEADER = List.of("POD", "UNIT", "REGION", "MODEL", "CREATE->BOUND", "NOW");
    private static final Set<Integer> BRIEF_TIMES = Set.of(4);
    private static final int END_OF_NAME = 22;

    private PlacementTable() {}

    /**
     * One pod.
     *
     * @param unit position of the unit that placed it, empty where no policy did
     * @param scheduled message of its event Scheduled, empty where there is none
     * @param now a phase, leaving or left
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

    /**
     * A row for each pod of a journal, in order of creation.
     *
     * @param scheduled messages of events Scheduled by UID of their pod
     */
    static List<Row> rows(PodJournal journal, Map<String, String> scheduled) {
        var rows = new ArrayList<Row>();
        for (PodJournal.Entry entry : journal.entries()) {
            var metadata = entry.pod().getMetadata();
            var labels = Objects.requireNonNullElse(metadata.getLabels(), Map.<String, String>of());
            var annotations = Objects.requireNonNullElse(metadata.getAnnotations(), Map.<String, String>of());
            rows.add(new Row(
                    metadata.getName(),
                    annotations.getOrDefault(Names.UNIT, ""),
                    journal.regionOf(entry.pod()),
                    labels.getOrDefault(Names.GPU_MODEL, ""),
                    entry.boundAfter(),
                    entry.runningAfter(),
                    now(entry),
                    scheduled.getOrDefault(metadata.getUid(), "")));
        }
        return rows;
    }

    private static String now(PodJournal.Entry entry) {
        if (entry.hasLeft()) {
            return "left";
        }
        boolean leaves = entry.pod().getMetadata().getDeletionTimestamp() != null;
        return leaves ? "leaving" : entry.pod().getStatus().getPhase();
    }

    /** What fits into a terminal while things change: without reasons, names by their end; nothing where there is no pod yet. */
    static List<String> brief(List<Row> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        var cells = new ArrayList<List<String>>();
        cells.add(BRIEF_HEADER);
        for (Row row : rows) {
            String pod = row.pod();
            cells.add(List.of(
                    pod.length() <= END_OF_NAME ? pod : "..." + pod.substring(pod.length() - END_OF_NAME),
                    row.unit().isEmpty() ? "-" : row.unit(),
                    row.region(),
                    row.model(),
                    millis(row.boundAfter()),
                    row.now()));
        }
        return TextTable.lines(cells, BRIEF_TIMES);
    }

    /** The table, line by line; below it each reason in full, as the event says it. */
    static List<String> lines(List<Row> rows) {
        Map<String, Integer> noteByText = new LinkedHashMap<>();
        var cells = new ArrayList<List<String>>();
        cells.add(HEADER);
        for (Row row : rows) {
            String why = ScheduledText.passedOver(row.scheduled());
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
        var lines = new ArrayList<>(TextTable.lines(cells, TIMES));
        noteByText.forEach((text, number) -> lines.add("[%d] %s".formatted(number, text)));
        return lines;
    }

    private static String millis(@Nullable Duration time) {
        return time == null ? "-" : time.toMillis() + " ms";
    }
}
