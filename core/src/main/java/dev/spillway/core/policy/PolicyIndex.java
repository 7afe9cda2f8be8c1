package dev.spillway.core.policy;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.PolicyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the policies that speak about a pod. A policy is filed under the first pair of its selector, so that the cost for a
 * pod depends on its own labels and not on how many policies there are. Owned by the engine's thread.
 */
public final class PolicyIndex {
    private static final String EVERY_POD = "";

    private final TreeMap<PolicyKey, Policy> policies = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, TreeSet<PolicyKey>>> byPair = new TreeMap<>();

    /** Enters a policy in place of an earlier one of its key. */
    public void put(Policy policy) {
        remove(policy.key());
        policies.put(policy.key(), policy);
        byPair.computeIfAbsent(policy.key().namespace(), n -> new TreeMap<>())
                .computeIfAbsent(pairOf(policy), p -> new TreeSet<>())
                .add(policy.key());
    }

    /** Removes a policy; returns it, null where it was not there. */
    public @Nullable Policy remove(PolicyKey key) {
        var old = policies.remove(key);
        if (old != null) {
            var pairs = byPair.get(key.namespace());
            if (pairs != null) {
                var keys = pairs.get(pairOf(old));
                if (keys != null) {
                    keys.remove(key);
                    if (keys.isEmpty()) {
                        pairs.remove(pairOf(old));
                    }
                }
            }
        }
        return old;
    }

    /** A policy, null where it is not known. */
    public @Nullable Policy get(PolicyKey key) {
        return policies.get(key);
    }

    /** The names of a namespace's policies, in order. */
    public List<String> namesIn(String namespace) {
        var names = new ArrayList<String>();
        for (var key : policies.tailMap(new PolicyKey(namespace, "")).keySet()) {
            if (!key.namespace().equals(namespace)) {
                break;
            }
            names.add(key.name());
        }
        return names;
    }

    /** All policies in order of key; a view. */
    public Iterable<Policy> all() {
        return policies.values();
    }

    /** The policies of a namespace that select these labels, in order of name. */
    public List<Policy> selecting(String namespace, Labels labels) {
        var pairs = byPair.get(namespace);
        if (pairs == null) {
            return List.of();
        }
        var found = new ArrayList<Policy>();
        collect(pairs.get(EVERY_POD), labels, found);
        labels.forEach((key, value) -> collect(pairs.get(key + "=" + value), labels, found));
        found.sort((a, b) -> a.key().compareTo(b.key()));
        return found;
    }

    private void collect(@Nullable Set<PolicyKey> keys, Labels labels, List<Policy> found) {
        if (keys == null) {
            return;
        }
        for (var key : keys) {
            var policy = policies.get(key);
            if (policy != null && policy.selects(labels)) {
                found.add(policy);
            }
        }
    }

    private static String pairOf(Policy policy) {
        var first = policy.selector().toMap().firstEntry();
        return first == null ? EVERY_POD : first.getKey() + "=" + first.getValue();
    }
}
