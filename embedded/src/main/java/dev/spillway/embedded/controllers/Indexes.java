package dev.spillway.embedded.controllers;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The completed indexes of a Job, as its status tells them: {@code 1,3-5,7}.
 *
 * <p>Rules: kubernetes {@code pkg/controller/job/indexed_job_utils.go}.
 */
final class Indexes {

    private final TreeSet<Integer> completed = new TreeSet<>();

    /** Reads the text of a status, as far as it is below the number of completions. */
    Indexes(@Nullable String text, long completions) {
        if (text == null) {
            return;
        }
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
            for (int index = first; index <= last && index < completions; index++) {
                completed.add(index);
            }
        }
    }

    boolean add(int index) {
        return completed.add(index);
    }

    boolean contains(int index) {
        return completed.contains(index);
    }

    int count() {
        return completed.size();
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        Integer first = completed.isEmpty() ? null : completed.first();
        while (first != null) {
            int last = first;
            while (completed.contains(last + 1)) {
                last++;
            }
            // Two neighbours are told one by one.
            String mark = last == first + 1 ? "," : "-";
            parts.add(last == first ? "" + first : first + mark + last);
            first = completed.higher(last);
        }
        return String.join(",", parts);
    }
}
