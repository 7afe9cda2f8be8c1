package dev.spillway.kube.feed;

import dev.spillway.core.model.Doubling;
import java.time.Duration;

/*
 * An answer is not progress. A proxy, a cache or a server that is going down may accept each watch and end it with nothing in it:
 * whoever takes the 200 for success asks again at once, for ever, and is blind meanwhile without knowing it.
 *
 * So a watch counts as progress only where it moved our version on, or lasted and brought at least a bookmark. Any other end is
 * empty. What may have been missed is listed: at the first empty watch, and then, while it goes on, after 10, 20, 40 s and each
 * minute, since a list of a large cluster costs the server much. Watches are tried again after pauses that double.
 *
 * An empty watch that lasted may just have been a quiet one that a load balancer cut. It is worth a word only when a list showed
 * that something had been missed; one that ended at once always is.
 */

/**
 * Whether the watches of one kind get anywhere, and what to do where they do not. Decides only: times are arguments, in
 * milliseconds of any clock that never goes back. Public because the simulation's feed goes by the same rules. One thread at a time.
 */
public final class WatchProgress {
    // A list must repair within the two minutes in which an instance without its pod has to end.
    private static final Doubling LIST_PAUSES = new Doubling(Duration.ofSeconds(10), Duration.ofMinutes(1));
    private static final long AT_ONCE_MILLIS = 1_000;
    private static final int EMPTY_BEFORE_STUCK = 5; // 3 s with the pauses of production

    private final Doubling pauses;
    private long version;
    private long begunAtMillis;
    private boolean hasBrought;
    private boolean hasMoved;
    private int empty; // in a row
    private int telling; // of these: ended at once, or something was missed
    private Duration listPause = LIST_PAUSES.first();
    private long nextListAtMillis;

    /** What to do before the next watch: list or not, and first of all wait. */
    public record Next(Duration pause, boolean list) {}

    /** No watch yet. */
    public WatchProgress(FeedSettings settings) {
        this.pauses = settings.pauses();
    }

    /** A watch from a version on is asked for. */
    public void begins(long fromVersion, long nowMillis) {
        version = fromVersion;
        begunAtMillis = nowMillis;
        hasBrought = false;
        hasMoved = false;
    }

    /** It brought an event or a bookmark of this version. */
    public void brought(long reached) {
        hasBrought = true;
        if (reached > version) {
            hasMoved = true;
            empty = 0;
            telling = 0;
        }
    }

    /**
     * The watch, which the server had accepted, has ended.
     *
     * @param isBroken not in good order: what it would have brought is still to be had from the same version on, so nothing is
     *     listed for the first of them
     */
    public Next ended(long nowMillis, boolean isBroken) {
        long lasted = nowMillis - begunAtMillis;
        boolean atOnce = lasted < AT_ONCE_MILLIS;
        if (hasMoved || (hasBrought && !atOnce)) {
            empty = 0;
            telling = 0;
            return new Next(atOnce ? pauses.first() : Duration.ZERO, false);
        }
        empty++;
        telling += atOnce ? 1 : 0;
        boolean list = empty == 1 ? !isBroken : nowMillis >= nextListAtMillis;
        if (list || empty == 1) {
            listPause = empty == 1 ? LIST_PAUSES.first() : LIST_PAUSES.after(listPause);
            nextListAtMillis = nowMillis + listPause.toMillis();
        }
        long pause = pauses.at(empty).toMillis();
        return new Next(Duration.ofMillis(Math.max(0, pause - lasted)), list);
    }

    /** The list asked for by {@link Next} is here; whether there was anything new in it, which the watch should have brought. */
    public void listed(boolean hadMissed) {
        if (empty > 0 && hadMissed) {
            telling += EMPTY_BEFORE_STUCK;
        }
    }

    /** Whether the last watch to end was empty. */
    public boolean isEmpty() {
        return empty > 0;
    }

    /** Whether watches have been getting nowhere for a while: somebody must be told. */
    public boolean isStuck() {
        return empty > 1 && telling >= EMPTY_BEFORE_STUCK;
    }
}
