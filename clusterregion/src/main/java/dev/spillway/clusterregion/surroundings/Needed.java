package dev.spillway.clusterregion.surroundings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Objects of ours that the region has, or shall have, and since when nobody needs them. Thread-safe.
 *
 * @param <K> what tells one from another
 * @param <V> the objects
 */
final class Needed<K extends Comparable<K>, V extends Needed.Entry> {
    /** One of them. */
    abstract static class Entry {
        // For the owner alone, and guarded by it.
        int pins;
        long neededNanos = System.nanoTime();
    }

    private final Duration unneeded;
    private final Function<K, V> maker;
    private final Map<K, V> entries = new TreeMap<>(); // guarded by itself

    /**
     * None yet.
     *
     * @param unneeded so long nobody must have needed one before it goes
     * @param maker makes those that are asked for first; it must not wait
     */
    Needed(Duration unneeded, Function<K, V> maker) {
        this.unneeded = unneeded;
        this.maker = maker;
    }

    V get(K key) {
        synchronized (entries) {
            return entries.computeIfAbsent(key, maker);
        }
    }

    /** Those with such a key, in order of their keys. */
    List<V> those(Predicate<K> keys) {
        synchronized (entries) {
            return entries.entrySet().stream()
                    .filter(entry -> keys.test(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    /** Needed until it is unpinned as often as it was pinned. */
    V pin(K key) {
        synchronized (entries) {
            var entry = entries.computeIfAbsent(key, maker);
            entry.pins++;
            return entry;
        }
    }

    void unpin(V entry) {
        synchronized (entries) {
            entry.pins--;
            entry.neededNanos = System.nanoTime();
        }
    }

    /** Needed at that time, by {@link System#nanoTime}; nothing where there is none of this key. */
    void mark(K key, long nanos) {
        synchronized (entries) {
            var entry = entries.get(key);
            if (entry != null) {
                entry.neededNanos = nanos;
            }
        }
    }

    /** Those that can go at that time, in order of their keys. */
    List<Map.Entry<K, V>> unneeded(long nanos) {
        synchronized (entries) {
            return entries.entrySet().stream()
                    .filter(entry -> isUnneeded(entry.getValue(), nanos))
                    .map(Map.Entry::copyOf)
                    .toList();
        }
    }

    /** Whether one that could go at that time is needed by now, or was needed since. */
    boolean isNeededAgain(V entry, long nanos) {
        synchronized (entries) {
            return !isUnneeded(entry, nanos);
        }
    }

    private boolean isUnneeded(V entry, long nanos) {
        return entry.pins == 0 && nanos - entry.neededNanos > unneeded.toNanos();
    }

    /** One that could go at that time is gone; it stays known where it is needed again. */
    void forget(K key, V entry, long nanos) {
        synchronized (entries) {
            if (isUnneeded(entry, nanos)) {
                entries.remove(key);
            }
        }
    }
}
