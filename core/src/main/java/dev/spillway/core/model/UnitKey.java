package dev.spillway.core.model;

import java.util.Comparator;

/**
 * Names a unit of a policy.
 *
 * @param position from 1; 0 for what the policy places outside of all its units
 */
public record UnitKey(PolicyKey policy, int position) implements Comparable<UnitKey> {
    private static final Comparator<UnitKey> ORDER =
            Comparator.comparing(UnitKey::policy).thenComparingInt(UnitKey::position);

    @Override
    public int compareTo(UnitKey other) {
        return ORDER.compare(this, other);
    }
}
