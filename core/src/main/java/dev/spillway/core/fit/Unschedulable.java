package dev.spillway.core.fit;

import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.Taint;
import org.jspecify.annotations.Nullable;

/** A cordoned node takes only pods that tolerate just that (kube-scheduler plugin NodeUnschedulable). */
final class Unschedulable implements Constraint {
    private static final Taint CORDONED = new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

    @Override
    public @Nullable String unfit(Pod pod, NodeState node) {
        return node.node().unschedulable()
                        && pod.spec().tolerations().stream().noneMatch(toleration -> toleration.tolerates(CORDONED))
                ? "node(s) were unschedulable"
                : null;
    }
}
