package dev.spillway.core.fit;

import dev.spillway.core.model.Pod;
import org.jspecify.annotations.Nullable;

/** A pod with scheduling gates is not to be placed (kube-scheduler plugin SchedulingGates). */
final class Gated implements Constraint {
    private static final Unfit BLOCKED = Unfit.ofRealNode("Scheduling is blocked due to non-empty scheduling gates");

    @Override
    public boolean bindsVirtualNodes() {
        return true;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        return pod.gated() ? BLOCKED : null;
    }
}
