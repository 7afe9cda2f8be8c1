package dev.spillway.app.controller;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Names one turn of an engine in all log lines that come of it: the decision and the calls that carry it out, on whichever thread. Its id is the engine's, as
 * in the name of its recording, and the number of the event there: {@code 9ff3f240-8066}. Immutable.
 */
final class Cycle {
    /** The name in the logs' context. */
    static final String KEY = "cycle";

    private final @Nullable String id;

    private Cycle(@Nullable String id) {
        this.id = id;
    }

    /** The one that the calling thread works for, perhaps none. */
    static Cycle present() {
        return new Cycle(MDC.get(KEY));
    }

    /** Runs something for it; afterwards the thread works for whom it worked before. */
    void run(Runnable action) {
        var before = MDC.get(KEY);
        set(id);
        try {
            action.run();
        } finally {
            set(before);
        }
    }

    private static void set(@Nullable String id) {
        if (id == null) {
            MDC.remove(KEY);
        } else {
            MDC.put(KEY, id);
        }
    }
}
