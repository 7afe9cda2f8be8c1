package dev.spillway.core.fit;

import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Taint;
import org.jspecify.annotations.Nullable;

/** A cordoned node takes only pods that tolerate just that (kube-scheduler plugin NodeUnschedulable). */
final class Unschedulable implements Constraint {
    private static final Taint CORDONED = new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

    private static final Unfit UNFIT =
            new Unfit(ConstraintKind.NODE, "node(s) were unschedulable", () -> "is cordoned");

    @Override
    public boolean bindsVirtualNodes() {
        return true;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        return node.node().unschedulable()
                        && pod.spec().tolerations().stream().noneMatch(toleration -> toleration.tolerates(CORDONED))
                ? UNFIT
                : null;
    }
}
