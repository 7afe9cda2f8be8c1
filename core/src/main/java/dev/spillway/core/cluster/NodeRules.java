package dev.spillway.core.cluster;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a pod demands of a real node beyond selector, affinity, tolerations and resources. Regions do not look at it.
 *
 * @param unsupported constraints of the pod that are not evaluated here, by name: no real node takes such a pod
 */
public record NodeRules(Set<String> unsupported) {
    /** No demands. */
    public static final NodeRules NONE = new NodeRules(Set.of());

    public NodeRules {
        unsupported = java.util.Collections.unmodifiableSet(new TreeSet<>(unsupported));
    }
}
