package dev.spillway.core.fit;

import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.Taint;
import org.jspecify.annotations.Nullable;

/** Taints with effect NoSchedule or NoExecute need a toleration (kube-scheduler plugin TaintToleration). */
final class Taints implements Constraint {
    @Override
    public @Nullable String unfit(Pod pod, NodeState node) {
        var taint = untolerated(pod, node);
        return taint == null ? null : "node(s) had untolerated taint {%s: %s}".formatted(taint.key(), taint.value());
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
