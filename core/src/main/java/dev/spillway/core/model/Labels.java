package dev.spillway.core.model;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of label (or annotation) keys to values, in ascending order of key.
 *
 * <p>Kept as one flat array, because every known pod has at least one and a cluster has many pods. Iteration order is
 * the key order, so whatever is derived from labels is the same in every run. Thread-safe.
 */
public final class Labels {
    private static final Labels EMPTY = new Labels(new String[0]);

    private final String[] pairs; // key, value, key, value ... keys strictly ascending

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /** No labels at all. */
    public static Labels empty() {
        return EMPTY;
    }

    /** The given pairs; a later duplicate key cannot occur since a map has none. */
    public static Labels of(Map<String, String> map) {
        if (map.isEmpty()) {
            return EMPTY;
        }
        var sorted = new TreeMap<>(map);
        var pairs = new String[sorted.size() * 2];
        int i = 0;
        for (var entry : sorted.entrySet()) {
            pairs[i++] = entry.getKey();
            pairs[i++] = entry.getValue();
        }
        return new Labels(pairs);
    }

    /** Keys and values in turn; an odd count is an {@link IllegalArgumentException}, a later key replaces an earlier one. */
    public static Labels of(String... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("Labels need a value for each key.");
        }
        var map = new TreeMap<String, String>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return of(map);
    }

    /** The value of a key, or null where it is absent. */
    public @Nullable String get(String key) {
        int low = 0;
        int high = pairs.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = pairs[middle * 2].compareTo(key);
            if (order == 0) {
                return pairs[middle * 2 + 1];
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** The value of a key, or the given one where it is absent. */
    public String getOr(String key, String otherwise) {
        var value = get(key);
        return value == null ? otherwise : value;
    }

    /** Whether the key is there with just this value. */
    public boolean has(String key, String value) {
        return value.equals(get(key));
    }

    /** Whether every pair of the other is here too; true for an empty other. */
    public boolean containsAll(Labels other) {
        for (int i = 0; i < other.pairs.length; i += 2) {
            if (!has(other.pairs[i], other.pairs[i + 1])) {
                return false;
            }
        }
        return true;
    }

    /** These labels overlaid by the other's: where both have a key, the other wins. */
    public Labels with(Labels other) {
        if (other.pairs.length == 0) {
            return this;
        }
        if (pairs.length == 0) {
            return other;
        }
        var map = toMap();
        other.forEach(map::put);
        return of(map);
    }

    /** These labels without one key. */
    public Labels without(String key) {
        if (get(key) == null) {
            return this;
        }
        var map = toMap();
        map.remove(key);
        return of(map);
    }

    /** Visits the pairs in ascending order of key. */
    public void forEach(BiConsumer<String, String> visitor) {
        for (int i = 0; i < pairs.length; i += 2) {
            visitor.accept(pairs[i], pairs[i + 1]);
        }
    }

    /** A mutable sorted copy. */
    public NavigableMap<String, String> toMap() {
        var map = new TreeMap<String, String>();
        forEach(map::put);
        return map;
    }

    /** Number of pairs. */
    public int size() {
        return pairs.length / 2;
    }

    /** Whether there is no pair. */
    public boolean isEmpty() {
        return pairs.length == 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Labels that && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pairs);
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
