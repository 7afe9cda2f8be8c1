package dev.spillway.core.engine;

import java.time.Instant;
import java.util.List;

/**
 * The state machine that decides everything: one event in, the resulting wishes out. Made anew at each start and each
 * change of leader; the time of its first event is the takeover (design section 3, item 13). Not thread-safe: one thread
 * owns it. Given the same settings and the same events at the same instants it returns the same effects.
 */
public final class Engine {
    private final Settings settings;

    /** An engine that knows nothing yet. */
    public Engine(Settings settings) {
        this.settings = settings;
    }

    /** Takes in a fact and returns what shall be done, in order. {@code now} is the decision clock and never goes back. */
    public List<Effect> on(Event event, Instant now) {
        return List.of();
    }
}
