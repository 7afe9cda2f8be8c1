package dev.spillway.core.fit;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ResourceList;
import org.jspecify.annotations.Nullable;

/** What the pod requests must be free (kube-scheduler plugin NodeResourcesFit); a resource of which it requests none is not looked at. */
final class Capacity implements Constraint {
    /** How much of a resource the node's pods leave. */
    static long free(NodeState node, String resource) {
        return Math.max(
                0, node.node().allocatable().get(resource) - node.requested().get(resource));
    }

    @Override
    public boolean bindsVirtualNodes() {
        return false;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        var allocatable = node.node().allocatable();
        if (node.pods().size() + 1 > allocatable.get(ResourceList.PODS)) {
            return Unfit.ofRealNode("Too many pods");
        }
        var asked = pod.spec().requestList();
        for (var name : asked.names()) {
            if (asked.get(name) > 0
                    && asked.get(name)
                            > allocatable.get(name) - node.requested().get(name)) {
                return Unfit.ofShortage(name);
            }
        }
        return null;
    }
}
