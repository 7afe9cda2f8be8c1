package dev.spillway.core.fit;

import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.Pod;
import org.jspecify.annotations.Nullable;

/** Node selector and required node affinity (kube-scheduler plugin NodeAffinity). */
final class Selector implements Constraint {
    private static final Unfit UNFIT = new Unfit(
            ConstraintKind.SELECTOR,
            "node(s) didn't match Pod's node affinity/selector",
            () -> "does not match the pod's node affinity or selector");

    @Override
    public boolean bindsVirtualNodes() {
        return true;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        return pod.spec().selects(node.node().name(), node.node().labels()) ? null : UNFIT;
    }
}
