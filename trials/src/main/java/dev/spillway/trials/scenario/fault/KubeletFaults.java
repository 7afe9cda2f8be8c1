package dev.spillway.trials.scenario.fault;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Virtual nodes owe something that they do not give. */
final class KubeletFaults {
    static final List<Fault> ALL = List.of(
            new Fault(
                    "disruption-not-told",
                    "a pod that its region ended does not say that it was not its program",
                    Planted.cluster(cluster -> new OtherStatuses(cluster, KubeletFaults::withoutDisruption))),
            new Fault(
                    "readiness-gates-ignored",
                    "a pod is ready although a readiness gate is unmet",
                    Planted.cluster(cluster -> new OtherStatuses(cluster, KubeletFaults::withoutGates))),
            new Fault(
                    "retired-nodes-stay",
                    "the node of a removed zone stays as long as its Region is declared",
                    KubeletFaults.NodesKept::new));

    private KubeletFaults() {}

    private static final class OtherStatuses extends PassingCluster {
        private final UnaryOperator<PodStatus> disturbed;

        OtherStatuses(ClusterApi cluster, UnaryOperator<PodStatus> disturbed) {
            super(cluster);
            this.disturbed = disturbed;
        }

        @Override
        public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
            return super.writeStatus(pod, uid, disturbed.apply(status));
        }
    }

    /** Nodes go with their Regions alone: whoever removes a Region must not find them in the way. */
    private static final class NodesKept extends Planted {
        private final Map<NodeName, RegionId> made = new ConcurrentHashMap<>();

        @Override
        public ClusterApi around(ClusterApi cluster) {
            return new PassingCluster(cluster) {
                @Override
                public WriteAnswer putNode(VirtualNode node) {
                    made.put(node.name(), node.region());
                    return super.putNode(node);
                }

                @Override
                public WriteAnswer removeNode(NodeName node) {
                    var region = made.get(node);
                    return region != null && regions.containsKey(region)
                            ? new WriteAnswer.Unknown("kept") // it is tried again
                            : super.removeNode(node);
                }
            };
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
                disruption);
    }
}
