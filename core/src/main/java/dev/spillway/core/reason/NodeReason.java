package dev.spillway.core.reason;

import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Shortage;
import dev.spillway.core.model.ZoneId;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What nodes, real and virtual, and the pods on them say against a place. */
public sealed interface NodeReason extends Reason {
    /** No real node takes the pod. */
    record NoNodeFits(SortedMap<String, Integer> nodesByReason, List<Shortage> shortages) implements NodeReason {
        public NoNodeFits {
            shortages = List.copyOf(shortages);
        }

        @Override
        public String text() {
            int nodes =
                    nodesByReason.values().stream().mapToInt(Integer::intValue).sum();
            if (nodes == 0) {
                return "there is no real node for it";
            }
            return "none of %d node%s takes the pod: ".formatted(nodes, nodes == 1 ? "" : "s")
                    + nodesByReason.entrySet().stream()
                            .map(entry -> entry.getValue() + " " + entry.getKey() + amounts(entry.getKey()))
                            .collect(Collectors.joining(", "));
        }

        private String amounts(String reason) {
            return shortages.stream()
                    .filter(shortage -> shortage.reason().equals(reason))
                    .map(shortage -> " (it asks for %s, the best node has %s free)"
                            .formatted(
                                    ResourceList.text(shortage.resource(), shortage.asked()),
                                    ResourceList.text(shortage.resource(), shortage.mostFree())))
                    .collect(Collectors.joining());
        }

        @Override
        public String kind() {
            return "no node: " + String.join(", ", nodesByReason.keySet());
        }
    }

    /** Pods of lower priority are being evicted. */
    record MakingRoom(NodeName node, int victims) implements NodeReason {
        @Override
        public String text() {
            return "%d pod%s of lower priority on node %s %s evicted for it"
                    .formatted(victims, victims == 1 ? "" : "s", node, victims == 1 ? "is" : "are");
        }
    }

    /** The API server does not let a pod be evicted: no room is made on that node for a while. */
    record EvictionRefused(NodeName node, PodKey victim, String why, Instant nextTry) implements NodeReason {
        @Override
        public boolean isPodsOwn() {
            return true;
        }

        @Override
        public String text() {
            return "pod %s of lower priority on node %s cannot be evicted (%s)".formatted(victim, node, why);
        }
    }

    /** A real node was chosen but the pod cannot be bound to it. */
    record BindFailing(NodeName node, String why) implements NodeReason {
        @Override
        public String text() {
            return "node %s was chosen but the pod cannot be bound (%s)".formatted(node, why);
        }
    }

    /** A real node was chosen and the pod's volumes are being made there. */
    record VolumesPending(NodeName node, List<String> claims) implements NodeReason {
        @Override
        public String text() {
            return "node %s was chosen and the pod is bound to it when %s %s a volume"
                    .formatted(node, listed("claim", claims), claims.size() == 1 ? "has" : "have");
        }

        private static String listed(String noun, List<String> names) {
            return noun + (names.size() == 1 ? " " : "s ") + String.join(", ", names);
        }
    }

    /** The virtual node does not exist yet, is cordoned, or has a taint that the pod does not tolerate. */
    record NodeUnfit(NodeName node, String what) implements NodeReason {
        @Override
        public String text() {
            return "node %s %s".formatted(node, what);
        }
    }

    /** What holds between pods keeps the pod from a zone: topology spread, affinity or anti-affinity. */
    record KeptByPods(ZoneId zone, ConstraintKind constraint, String what) implements NodeReason {
        @Override
        public String text() {
            return "zone %s %s".formatted(zone, what);
        }
    }
}
