package dev.spillway.core.fit;

import dev.spillway.core.cluster.Pod;
import org.jspecify.annotations.Nullable;

/** Node selector and required node affinity (kube-scheduler plugin NodeAffinity). */
final class Selector implements Constraint {
    @Override
    public @Nullable String unfit(Pod pod, NodeState node) {
        return pod.spec().selects(node.node().name(), node.node().labels())
                ? null
                : "node(s) didn't match Pod's node affinity/selector";
    }
}
