package dev.spillway.app.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Rows of text as lines with aligned columns, two blanks between them and none at the end of a line. */
public final class TextTable {
    private TextTable() {}

    /**
     * One line for each row.
     *
     * @param rows the header among them; each with as many cells
     * @param flushRight columns that are aligned at their right, from 0
     */
    public static List<String> lines(List<List<String>> rows, Set<Integer> flushRight) {
        int columns = rows.getFirst().size();
        var widths = new ArrayList<>(Collections.nCopies(columns, 0));
        for (var row : rows) {
            for (int i = 0; i < columns; i++) {
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        var lines = new ArrayList<String>();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                var blanks = " ".repeat(widths.get(i) - row.get(i).length());
                line.append(flushRight.contains(i) ? blanks + row.get(i) : row.get(i) + blanks)
                        .append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
