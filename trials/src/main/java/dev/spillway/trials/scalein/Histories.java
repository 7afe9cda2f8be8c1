package dev.spillway.trials.scalein;

import dev.spillway.core.model.PodUid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All versions of pods so far. */
final class Histories {
    private final Map<PodUid, NavigableMap<Long, PodVersion>> versions = new HashMap<>(); // looked up only

    void add(PodVersion version) {
        versions.computeIfAbsent(version.uid(), absent -> new TreeMap<>()).put(version.number(), version);
    }

    @Nullable
    PodVersion newest(PodUid uid) {
        return before(uid, Long.MAX_VALUE);
    }

    /** What held just before a change of this number. */
    @Nullable
    PodVersion before(PodUid uid, long number) {
        var entry = of(uid).lowerEntry(number);
        return entry == null ? null : entry.getValue();
    }

    /** The versions of two pods before a number, the newest first. */
    List<PodVersion> changes(PodUid one, PodUid other, long before) {
        var all = new TreeMap<Long, PodVersion>();
        all.putAll(of(one).headMap(before, false));
        all.putAll(of(other).headMap(before, false));
        return List.copyOf(all.descendingMap().values());
    }

    private NavigableMap<Long, PodVersion> of(PodUid uid) {
        return versions.getOrDefault(uid, new TreeMap<>());
    }
}
