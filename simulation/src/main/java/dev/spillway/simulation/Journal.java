package dev.spillway.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What happened, by subject: the last events of each, and a hash over all of them, equal for equal runs. */
final class Journal {
    /** The last 200 events of the objects concerned are shown. */
    private static final int KEPT = 200;

    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private record Entry(long number, long atMillis, String subject, String text) {}

    private final Timeline timeline;
    private final Map<String, ArrayDeque<Entry>> bySubject = new HashMap<>(); // only looked up
    private long hash = FNV_OFFSET;
    private long entries;

    Journal(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Notes an event about a pod UID, an instance id or a process. */
    void note(String subject, String text) {
        var entry = new Entry(entries++, timeline.millis(), subject, text);
        mix(entry.atMillis);
        mix(subject);
        mix(text);
        var kept = bySubject.computeIfAbsent(subject, s -> new ArrayDeque<>());
        kept.add(entry);
        if (kept.size() > KEPT) {
            kept.remove();
        }
    }

    long hash() {
        return hash;
    }

    long entries() {
        return entries;
    }

    /** The last events of these subjects, in order of time. */
    List<String> last(List<String> subjects) {
        var found = new ArrayList<Entry>();
        subjects.stream().distinct().forEach(subject -> {
            var kept = bySubject.get(subject);
            if (kept != null) {
                found.addAll(kept);
            }
        });
        found.sort(Comparator.comparingLong(Entry::number));
        return found.stream()
                .skip(Math.max(0, found.size() - KEPT))
                .map(entry -> "%9.3f s  %s  %s".formatted(entry.atMillis / 1000.0, entry.subject, entry.text))
                .toList();
    }

    private void mix(long value) {
        hash = (hash ^ value) * FNV_PRIME;
    }

    private void mix(String text) {
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * FNV_PRIME;
        }
        hash = h;
    }
}
