package dev.spillway.core.fit;

import dev.spillway.core.model.Pod;
import org.jspecify.annotations.Nullable;

/** One hard constraint between a pod and a node, real or virtual. Looks at facts, changes none. */
interface Constraint {
    /** Whether it binds virtual nodes too, not only real ones: what a region runs a pod on has no room, ports or volumes of its own. */
    boolean bindsVirtualNodes();

    /** Why the node does not take the pod; null where it does. */
    @Nullable
    Unfit unfit(Pod pod, NodeState node);
}
