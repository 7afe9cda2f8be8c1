package dev.spillway.core.fit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * How often each key occurs on each node. Equal pods share a key, so what is asked about pods costs as much as there are kinds of
 * pods. In order of first occurrence.
 */
final class CountsByNode<K> {
    private final Map<K, Map<NodeState, Integer>> counts = new LinkedHashMap<>();

    void add(K key, NodeState node) {
        counts.computeIfAbsent(key, k -> new LinkedHashMap<>()).merge(node, 1, Integer::sum);
    }

    void remove(K key, NodeState node) {
        var byNode = counts.get(key);
        if (byNode == null) {
            return;
        }
        byNode.computeIfPresent(node, (n, count) -> count == 1 ? null : count - 1);
        if (byNode.isEmpty()) {
            counts.remove(key);
        }
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** The nodes on which the key occurs. */
    Map<NodeState, Integer> nodesOf(K key) {
        return counts.getOrDefault(key, Map.of());
    }

    void forEach(BiConsumer<K, Map<NodeState, Integer>> visitor) {
        counts.forEach(visitor);
    }
}
