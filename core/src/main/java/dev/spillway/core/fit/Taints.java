package dev.spillway.core.fit;

import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Taint;
import org.jspecify.annotations.Nullable;

/**
 * Taints with effect NoSchedule or NoExecute need a toleration (kube-scheduler plugin TaintToleration). The provider's taint of a
 * virtual node needs none: who looks at virtual nodes has been sent there (E16).
 */
final class Taints implements Constraint {
    @Override
    public boolean bindsVirtualNodes() {
        return true;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        for (var taint : node.node().taints()) {
            boolean implied = node.isVirtual() && taint.equals(Names.PROVIDER_TAINT);
            if (!implied && isAgainst(taint, pod)) {
                return new Unfit(
                        ConstraintKind.NODE, "node(s) had untolerated taint(s)", () -> "has the taint " + taint);
            }
        }
        return null;
    }

    /** Whether the node has no hard taint but what the pod itself tolerates. */
    static boolean tolerates(Pod pod, NodeState node) {
        for (var taint : node.node().taints()) {
            if (isAgainst(taint, pod)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAgainst(Taint taint, Pod pod) {
        return taint.isHard() && pod.spec().tolerations().stream().noneMatch(toleration -> toleration.tolerates(taint));
    }
}
