package dev.spillway.trials.outside;

import java.time.Duration;

/** Something that was waited for did not happen in time. The message names it, the time, and what was seen last. */
public final class OverdueException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OverdueException(String what, Duration within, String lastSeen) {
        super("waited %d s until %s; %s".formatted(within.toSeconds(), what, lastSeen));
    }
}
