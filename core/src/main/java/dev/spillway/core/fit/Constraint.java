package dev.spillway.core.fit;

import dev.spillway.core.cluster.Pod;
import org.jspecify.annotations.Nullable;

/** One hard constraint between a pod and a node. Looks at facts, changes none. */
interface Constraint {
    /** Why the node does not take the pod, in the words of kube-scheduler where it has some; null where it does. */
    @Nullable
    String unfit(Pod pod, NodeState node);
}
