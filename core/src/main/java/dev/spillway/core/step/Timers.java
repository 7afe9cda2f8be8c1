package dev.spillway.core.step;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is to be looked at again, and when. Entries of one instant come out in the order they went in. */
public final class Timers {
    private final TreeMap<Instant, List<Runnable>> due = new TreeMap<>();

    public void at(Instant when, Runnable action) {
        due.computeIfAbsent(when, w -> new ArrayList<>(1)).add(action);
    }

    /** Takes out and runs what is due, including what becomes due meanwhile; after each, {@code then}. */
    public void run(Instant now, Runnable then) {
        while (!due.isEmpty() && !due.firstKey().isAfter(now)) {
            due.pollFirstEntry().getValue().forEach(action -> {
                action.run();
                then.run();
            });
        }
    }

    @Nullable
    public Instant next() {
        return due.isEmpty() ? null : due.firstKey();
    }
}
