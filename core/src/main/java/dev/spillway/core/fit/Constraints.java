package dev.spillway.core.fit;

import dev.spillway.core.cluster.NodeRules.Spread;
import dev.spillway.core.cluster.Pod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every hard constraint of one pod over the cluster as it is now: cheap ones first, those that do not concern the pod left out. */
final class Constraints {
    private static final List<Constraint> SIMPLE = List.of(
            new Gated(),
            new Unsupported(),
            new Unschedulable(),
            new Taints(),
            new Selector(),
            new Ports(),
            new Capacity());

    private final Pod pod;
    private final List<Constraint> constraints;

    Constraints(Pod pod, Cluster cluster) {
        this.pod = pod;
        this.constraints = new ArrayList<>(SIMPLE);
        var rules = pod.spec().onNodes();
        if (!rules.claims().isEmpty()) {
            constraints.add(new VolumeLimits(pod, cluster));
            constraints.add(new Claims(pod, cluster));
            constraints.add(new VolumeZone(pod, cluster));
        }
        if (rules.spread().stream().anyMatch(Spread::hard)) {
            constraints.add(new TopologySpread(pod, cluster));
        }
        constraints.add(new PodAffinity(pod, cluster));
    }

    /** Why the node does not take the pod; null where it does. */
    @Nullable
    String unfit(NodeState node) {
        for (var constraint : constraints) {
            var reason = constraint.unfit(pod, node);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }
}
