package dev.spillway.clusterregion.mapping;

import java.util.HashMap;
import java.util.Map;

/**
 * Hands out one object for all that are equal, so that what pods of one template have in common is kept once. Bounded: once there are too many, it begins
 * anew, and those handed out before stay as they are. Thread-safe.
 *
 * @param <T> an immutable type with a sensible {@code equals}
 */
public final class Alike<T> {
    private static final int MOST = 5_000;

    private final Map<T, T> firsts = new HashMap<>(); // never iterated

    /** An equal object, the same one for all. */
    public synchronized T of(T one) {
        var first = firsts.get(one);
        if (first != null) {
            return first;
        }
        if (firsts.size() >= MOST) {
            firsts.clear();
        }
        firsts.put(one, one);
        return one;
    }
}
