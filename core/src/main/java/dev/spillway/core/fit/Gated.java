package dev.spillway.core.fit;

import dev.spillway.core.cluster.Pod;
import org.jspecify.annotations.Nullable;

/** A pod with scheduling gates is not to be placed (kube-scheduler plugin SchedulingGates). */
final class Gated implements Constraint {
    @Override
    public @Nullable String unfit(Pod pod, NodeState node) {
        return pod.gated() ? "Scheduling is blocked due to non-empty scheduling gates" : null;
    }
}
