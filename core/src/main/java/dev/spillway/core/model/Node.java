package dev.spillway.core.model;

import java.util.List;

/**
 * A node, real or virtual, as seen in the cluster.
 *
 * @param allocatable what it offers to pods; {@code pods} among it
 */
public record Node(NodeName name, Labels labels, List<Taint> taints, boolean unschedulable, ResourceList allocatable) {
    public Node {
        taints = List.copyOf(taints);
    }

    /** Whether it stands for a zone of a region. */
    public boolean isVirtual() {
        return labels.has(Names.TYPE, Names.VIRTUAL_KUBELET);
    }
}
