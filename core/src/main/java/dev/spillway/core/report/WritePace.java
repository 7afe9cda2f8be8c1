package dev.spillway.core.report;

import dev.spillway.core.model.Doubling;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How soon a change of what is shown about something may be written: the first after a quiet time soon, since somebody may be
 * watching, and each further one later, up to a limit, since in a storm nobody can.
 */
public final class WritePace<K extends Comparable<K>> {
    private final Duration soon;
    private final Doubling gaps;
    private final TreeMap<K, Last> lastByKey = new TreeMap<>();

    /** The last write, and how long the next has to wait after it. */
    private record Last(Instant at, Duration gap) {}

    /** The first write comes so soon; the gaps grow from five times that to the limit. */
    public WritePace(Duration soon, Duration limit) {
        this.soon = soon;
        this.gaps = new Doubling(soon.multipliedBy(5), limit);
    }

    /** When what changes now is to be written. */
    public Instant next(K key, Instant now) {
        var first = now.plus(soon);
        var last = lastByKey.get(key);
        var earliest = last == null ? first : last.at.plus(last.gap);
        return earliest.isAfter(first) ? earliest : first;
    }

    /** It is written now. */
    public void written(K key, Instant now) {
        var last = lastByKey.get(key);
        lastByKey.put(key, new Last(now, gapAfter(last, now)));
    }

    private Duration gapAfter(@Nullable Last last, Instant now) {
        boolean goesOn = last != null && now.isBefore(last.at.plus(last.gap).plus(gaps.most()));
        return last != null && goesOn ? gaps.after(last.gap) : gaps.at(1);
    }

    /** It is gone. */
    public void forget(K key) {
        lastByKey.remove(key);
    }
}
