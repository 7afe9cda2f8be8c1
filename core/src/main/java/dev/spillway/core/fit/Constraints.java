package dev.spillway.core.fit;

import dev.spillway.core.model.NodeRules.Spread;
import dev.spillway.core.model.Pod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every hard constraint of one pod over the cluster as it is now: cheap ones first, those that do not concern the pod left out. The
 * one list for real and virtual nodes: each constraint says itself whether it binds the latter.
 */
final class Constraints {
    private static final List<Constraint> SIMPLE = List.of(
            new Gated(),
            new Unsupported(),
            new Unschedulable(),
            new Taints(),
            new Selector(),
            new Ports(),
            new Capacity());

    private static final List<Constraint> SIMPLE_ON_VIRTUAL = bindingVirtualNodes(SIMPLE);

    private final Pod pod;
    private final List<Constraint> onReal;
    private final List<Constraint> onVirtual;

    Constraints(Pod pod, Cluster cluster) {
        this(pod, cluster, Trust.SURE);
    }

    Constraints(Pod pod, Cluster cluster, Trust trust) {
        this.pod = pod;
        var own = ofItsOwn(pod, cluster, trust);
        this.onReal = joined(SIMPLE, own);
        this.onVirtual = joined(SIMPLE_ON_VIRTUAL, bindingVirtualNodes(own));
    }

    /** Those that concern this pod and not every pod. */
    private static List<Constraint> ofItsOwn(Pod pod, Cluster cluster, Trust trust) {
        var own = new ArrayList<Constraint>();
        var rules = pod.spec().onNodes();
        if (!rules.claims().isEmpty()) {
            own.add(new VolumeLimits(pod, cluster));
            own.add(new Claims(pod, cluster));
            own.add(new VolumeZone(pod, cluster));
        }
        if (rules.spread().stream().anyMatch(Spread::hard)) {
            own.add(new TopologySpread(pod, cluster, trust));
        }
        if (PodAffinity.concerns(pod, cluster)) {
            own.add(new PodAffinity(pod, cluster, trust));
        }
        return own;
    }

    private static List<Constraint> bindingVirtualNodes(List<Constraint> constraints) {
        return constraints.isEmpty()
                ? constraints
                : constraints.stream().filter(Constraint::bindsVirtualNodes).toList();
    }

    private static List<Constraint> joined(List<Constraint> simple, List<Constraint> own) {
        if (own.isEmpty()) {
            return simple;
        }
        var all = new ArrayList<>(simple);
        all.addAll(own);
        return all;
    }

    /** Why the node does not take the pod; null where it does. */
    @Nullable
    Unfit unfit(NodeState node) {
        for (var constraint : node.isVirtual() ? onVirtual : onReal) {
            var reason = constraint.unfit(pod, node);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }
}
