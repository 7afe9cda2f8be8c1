package dev.spillway.app.monitoring;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Values of a label that others choose, such as names of policies: the first so many are let through, and whatever comes after them is
 * called {@value #OTHER}, so that a label has a bounded number of values as long as the process lives. Thread-safe.
 */
final class BoundedNames {
    /** What stands for all the rest. */
    static final String OTHER = "other";

    private final int most;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    /** Lets {@code most} names through. */
    BoundedNames(int most) {
        this.most = most;
    }

    /** Whether this name is one of those let through. */
    boolean admits(String name) {
        if (known.containsKey(name)) {
            return true;
        }
        // Two threads may both find the last place free: a bound need not be exact.
        return known.size() < most && name.equals(known.computeIfAbsent(name, n -> n));
    }

    /** The name, or what stands for the rest. */
    String of(String name) {
        return admits(name) ? name : OTHER;
    }
}
