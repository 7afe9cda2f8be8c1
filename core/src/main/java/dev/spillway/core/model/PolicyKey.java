package dev.spillway.core.model;

import java.util.Comparator;

/** Namespace and name of a ResourcePolicy. */
public record PolicyKey(String namespace, String name) implements Comparable<PolicyKey> {
    private static final Comparator<PolicyKey> ORDER =
            Comparator.comparing(PolicyKey::namespace).thenComparing(PolicyKey::name);

    @Override
    public int compareTo(PolicyKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
