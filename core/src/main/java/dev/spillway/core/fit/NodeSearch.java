package dev.spillway.core.fit;

import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Shortage;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks among the nodes. What a node must have to take a pod is decided behind it, for real and virtual nodes by one list. */
public interface NodeSearch {
    /** Whether other pods have a say in where the pod may go: by its own rules or by theirs. */
    boolean dependsOnPods(Pod pod);

    /** Why each virtual node does not take the pod, as things are now: to be asked for anew at each walk. */
    Zones zones(Pod pod);

    /** The best real node that takes the pod, of those in {@code within}. */
    Found find(Pod pod, Predicate<Node> within);

    /** The real node in {@code within} that would take the pod if these pods of lower priority left it; null where there is none. */
    @Nullable
    Room makeRoom(Pod pod, Predicate<Node> within);

    /** What a search found. */
    sealed interface Found {
        /** This node. */
        record On(NodeName node) implements Found {}

        /**
         * None.
         *
         * @param nodesByReason how many nodes gave which reason
         * @param shortages how much was missing, by resource, where that was a reason
         * @param pods whether other pods are in the way on any of them, or lacking
         * @param soon whether answers in flight about other pods may let it onto one of them
         */
        record Nowhere(SortedMap<String, Integer> nodesByReason, List<Shortage> shortages, boolean pods, boolean soon)
                implements Found {
            public Nowhere {
                shortages = List.copyOf(shortages);
            }
        }
    }

    /** What virtual nodes say about one pod. */
    interface Zones {
        /** What speaks against a node, null where nothing does. */
        @Nullable
        Barrier against(NodeName node);
    }

    /**
     * What speaks against a virtual node.
     *
     * @param clause for people, to follow the name of the node
     * @param soon whether answers in flight about other pods may take it away
     */
    record Barrier(ConstraintKind kind, String clause, boolean soon) {}

    /** A node and who would have to leave it, in the order in which they are asked to. */
    record Room(NodeName node, List<Pod> victims) {
        public Room {
            victims = List.copyOf(victims);
        }
    }
}
