package dev.spillway.core.cluster;

import java.util.List;

/** A node, real or virtual, as seen in the cluster. */
public record Node(NodeName name, Labels labels, List<Taint> taints, boolean unschedulable) {
    public Node {
        taints = List.copyOf(taints);
    }
}
