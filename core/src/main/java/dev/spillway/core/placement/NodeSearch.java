package dev.spillway.core.placement;

import dev.spillway.core.cluster.Node;
import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.cluster.Pod;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks among the real nodes. What a node must have to take a pod is decided behind it. */
public interface NodeSearch {
    /** The best node that takes the pod, of those in {@code within}. */
    Found find(Pod pod, Predicate<Node> within);

    /** The node in {@code within} that would take the pod if these pods of lower priority left it; null where there is none. */
    @Nullable
    Room makeRoom(Pod pod, Predicate<Node> within);

    /** What a search found. */
    sealed interface Found {
        /** This node. */
        record On(NodeName node) implements Found {}

        /** None: how many nodes gave which reason. */
        record Nowhere(SortedMap<String, Integer> nodesByReason) implements Found {}
    }

    /** A node and who would have to leave it, in the order in which they are asked to. */
    record Room(NodeName node, List<Pod> victims) {
        public Room {
            victims = List.copyOf(victims);
        }
    }
}
