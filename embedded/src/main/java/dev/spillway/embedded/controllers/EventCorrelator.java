package dev.spillway.embedded.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a controller from flooding the cluster with events: what repeats is counted, much of one kind is told as one event, and
 * an object that has too much to tell is not listened to for a while.
 *
 * <p>Rules: client-go {@code tools/record/events_cache.go}. Whatever is forgotten first when there is too much to remember, is the
 * least recently used, as there.
 */
final class EventCorrelator {

    private static final int REMEMBERED = 4_096;

    /** From so many different messages on, events of one reason are told as one. */
    private static final int DIFFERENT = 10;

    private static final Duration TOGETHER = Duration.ofMinutes(10);

    /** Of one object: so many at once, and one more for each refill. */
    private static final int BURST = 25;

    private static final Duration REFILL = Duration.ofMinutes(5);

    /**
     * What becomes of an occurrence.
     *
     * @param occurrence with the message to be written
     * @param name of the event
     * @param count how often it has happened
     * @param first when it happened first
     * @param dropped whether nothing is to be written
     */
    record Observation(Occurrence occurrence, String name, int count, Instant first, boolean dropped) {}

    /** Events that are one; without a message where many are told as one. */
    private record Key(Occurrence occurrence, boolean combined) {}

    /** Messages of one reason lately. */
    private static final class Recent {
        private final Set<String> messages = new LinkedHashSet<>();
        private @Nullable Instant last;
    }

    /** An event that was told already. */
    private record Told(String name, int count, Instant first) {}

    /** What an object may still tell; measured in time, so that nothing is lost by rounding. */
    private record Allowance(Duration left, Instant at) {}

    private final Map<Occurrence, Recent> recentByKind = new Remembered<>();
    private final Map<Key, Told> toldByKey = new Remembered<>();
    private final Map<Involved, Allowance> allowances = new Remembered<>();

    /**
     * Takes notice of an occurrence.
     *
     * @param name of the event, should it be a new one
     */
    Observation observe(Occurrence occurrence, String name, Instant now) {
        Occurrence told = occurrence;
        Occurrence alike = new Occurrence(
                occurrence.about().atAnyVersion(), occurrence.severity(), occurrence.reason(), occurrence.message());
        Key key = new Key(alike, false);
        if (areMany(alike, now)) {
            told = occurrence.withMessage("(combined from similar events): " + occurrence.message());
            key = new Key(alike.withMessage(""), true);
        }
        Told before = toldByKey.get(key);
        Told next =
                before == null ? new Told(name, 1, now) : new Told(before.name(), before.count() + 1, before.first());
        toldByKey.put(key, next);
        boolean dropped = !isAllowed(alike.about(), now);
        return new Observation(told, next.name(), next.count(), next.first(), dropped);
    }

    private boolean areMany(Occurrence alike, Instant now) {
        Recent recent = computed(recentByKind, alike.withMessage(""), Recent::new);
        if (recent.last != null && now.isAfter(recent.last.plus(TOGETHER))) {
            recent.messages.clear();
        }
        recent.messages.add(alike.message());
        recent.last = now;
        if (recent.messages.size() < DIFFERENT) {
            return false;
        }
        Iterator<String> any = recent.messages.iterator();
        any.next();
        any.remove();
        return true;
    }

    private boolean isAllowed(Involved about, Instant now) {
        Duration full = REFILL.multipliedBy(BURST);
        Allowance known = computed(allowances, about, () -> new Allowance(full, now));
        Duration left = known.left().plus(Duration.between(known.at(), now));
        left = left.compareTo(full) > 0 ? full : left;
        boolean allowed = left.compareTo(REFILL) >= 0;
        allowances.put(about, new Allowance(allowed ? left.minus(REFILL) : left, now));
        return allowed;
    }

    private static <K, V> V computed(Map<K, V> map, K key, Supplier<V> made) {
        return map.computeIfAbsent(key, any -> made.get());
    }

    /** A map that forgets what was not used for longest. */
    private static final class Remembered<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;

        Remembered() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED;
        }
    }
}
