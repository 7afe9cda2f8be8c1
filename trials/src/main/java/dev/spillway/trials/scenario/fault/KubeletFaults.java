package dev.spillway.trials.scenario.fault;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Virtual nodes owe something that they do not give. */
final class KubeletFaults {
    static final List<Fault> ALL = List.of(
            new Fault(
                    "disruption-not-told",
                    "a pod that its region ended does not say that it was not its program",
                    statuses(KubeletFaults::withoutDisruption)),
            new Fault(
                    "readiness-gates-ignored",
                    "a pod is ready although a readiness gate is unmet",
                    statuses(KubeletFaults::withoutGates)),
            new Fault(
                    "retired-nodes-stay",
                    "the node of a removed zone stays as long as its Region is declared",
                    KubeletFaults.NodesKept::new));

    private KubeletFaults() {}

    private static Supplier<Seams> statuses(UnaryOperator<PodStatus> disturbed) {
        return Planted.writes(
                write -> write instanceof ClusterWrite.WriteStatus(PodKey pod, PodUid uid, PodStatus status)
                        ? new ClusterWrite.WriteStatus(pod, uid, disturbed.apply(status))
                        : write);
    }

    /** Nodes go with their Regions alone: whoever removes a Region must not find them in the way. */
    private static final class NodesKept extends Planted {
        private final Map<NodeName, RegionId> made = new ConcurrentHashMap<>();

        @Override
        public ClusterApi around(ClusterApi cluster) {
            return new PassingCluster(cluster) {
                @Override
                public WriteAnswer write(ClusterWrite write) {
                    if (write instanceof ClusterWrite.PutNode(VirtualNode node)) {
                        made.put(node.name(), node.region());
                    }
                    return write instanceof ClusterWrite.RemoveNode(NodeName node) && isKept(node)
                            ? new WriteAnswer.Unknown("kept") // it is tried again
                            : super.write(write);
                }
            };
        }

        private boolean isKept(NodeName node) {
            var region = made.get(node);
            return region != null && regions.containsKey(region);
        }
    }

    private static PodStatus withoutDisruption(PodStatus status) {
        return copy(status, status.readinessGates(), null);
    }

    private static PodStatus withoutGates(PodStatus status) {
        return copy(status, List.of(), status.disruption());
    }

    private static PodStatus copy(
            PodStatus status, List<ReadinessGate> readinessGates, PodStatus.@Nullable Disruption disruption) {
        return new PodStatus(
                status.phase(),
                status.reason(),
                status.message(),
                status.podIp(),
                status.hostIp(),
                status.startedAt(),
                status.finishedAt(),
                status.exitCode(),
                status.created(),
                status.containers(),
                status.reports(),
                readinessGates,
                status.source(),
                disruption);
    }
}
