package dev.spillway.core.fit;

import dev.spillway.core.model.Pod;
import org.jspecify.annotations.Nullable;

/** Ports of the node itself that no pod on it has (kube-scheduler plugin NodePorts). */
final class Ports implements Constraint {
    @Override
    public boolean bindsVirtualNodes() {
        return false;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        var wanted = pod.spec().onNodes().hostPorts();
        if (wanted.isEmpty()) {
            return null;
        }
        for (var other : node.pods()) {
            for (var taken : other.spec().onNodes().hostPorts()) {
                if (wanted.stream().anyMatch(taken::conflictsWith)) {
                    return Unfit.ofRealNode("node(s) didn't have free ports for the requested pod ports");
                }
            }
        }
        return null;
    }
}
