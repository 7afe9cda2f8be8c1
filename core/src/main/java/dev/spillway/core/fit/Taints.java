package dev.spillway.core.fit;

import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.Taint;
import org.jspecify.annotations.Nullable;

/** Taints with effect NoSchedule or NoExecute need a toleration (kube-scheduler plugin TaintToleration). */
final class Taints implements Constraint {
    @Override
    public @Nullable String unfit(Pod pod, NodeState node) {
        return untolerated(pod, node) == null ? null : "node(s) had untolerated taint(s)";
    }

    /** The first hard taint that the pod does not tolerate, null where there is none. */
    static @Nullable Taint untolerated(Pod pod, NodeState node) {
        for (var taint : node.node().taints()) {
            if (taint.isHard()
                    && pod.spec().tolerations().stream().noneMatch(toleration -> toleration.tolerates(taint))) {
                return taint;
            }
        }
        return null;
    }
}
