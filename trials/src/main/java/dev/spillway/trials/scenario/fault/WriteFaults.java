package dev.spillway.trials.scenario.fault;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.port.WriteAnswer;
import java.util.List;

/** What should be written is not, although it is said to have been. */
final class WriteFaults {
    private static final WriteAnswer DONE = new WriteAnswer.Done();

    static final List<Fault> ALL = List.of(
            new Fault(
                    "waiting-pods-say-nothing",
                    "no pod says why it waits",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
                            return DONE;
                        }
                    })),
            new Fault(
                    "reasons-without-code",
                    "a waiting pod names units, but no typed reason",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
                            return super.explain(pod, uid, message.replaceAll("[A-Z][a-z]+[A-Z][A-Za-z]+: ", ""));
                        }
                    })),
            new Fault(
                    "shortages-without-amounts",
                    "a waiting pod does not say how much is asked for, nor how much there is",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
                            return super.explain(pod, uid, message.replaceAll(" [(]it asks for [^)]*[)]", ""));
                        }
                    })),
            new Fault(
                    "events-not-written",
                    "no event is written",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer announce(PodKey pod, PodUid uid, Announcement announcement) {
                            return DONE;
                        }

                        @Override
                        public WriteAnswer announceProfile(ProfileUid uid, Announcement announcement) {
                            return DONE;
                        }

                        @Override
                        public WriteAnswer announceNode(NodeName node, RegionId region, Announcement announcement) {
                            return DONE;
                        }
                    })),
            new Fault(
                    "closures-said-to-be-sold-out",
                    "a Region says of every offer that is closed that it is sold out",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer writeRegionStatus(RegionId region, RegionStatus status) {
                            return super.writeRegionStatus(region, soldOut(status));
                        }
                    })),
            new Fault(
                    "regions-said-to-be-reachable",
                    "a Region says that it is reachable, whatever it answers",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer writeRegionStatus(RegionId region, RegionStatus status) {
                            return super.writeRegionStatus(region, reachable(status));
                        }
                    })),
            new Fault(
                    "policy-status-not-written",
                    "a policy says nothing",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer writePolicyStatus(PolicyKey policy, PolicyStatus status) {
                            return DONE;
                        }
                    })),
            new Fault(
                    "end-not-written",
                    "a pod whose instance has ended goes on as it was",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
                            return status.phase().isTerminal() ? DONE : super.writeStatus(pod, uid, status);
                        }
                    })),
            new Fault(
                    "shortage-not-written",
                    "a bound pod does not say that its instance could not be had",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
                            return status.phase() == Pod.Phase.PENDING ? DONE : super.writeStatus(pod, uid, status);
                        }
                    })),
            new Fault(
                    "eviction-not-sent",
                    "a pod that is to make room stays",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer evict(PodKey pod, PodUid uid, String why) {
                            return DONE;
                        }
                    })));

    private WriteFaults() {}

    private static RegionStatus soldOut(RegionStatus status) {
        var lines = status.stock().stream()
                .map(line -> line.until() == null
                        ? line
                        : new RegionStatus.StockLine(line.offer(), "SoldOut", line.until(), line.observedAt()))
                .toList();
        return new RegionStatus(
                status.generation(), status.accepted(), status.reachable(), status.instances(), status.nodes(), lines);
    }

    private static RegionStatus reachable(RegionStatus status) {
        return new RegionStatus(
                status.generation(),
                status.accepted(),
                new RegionStatus.Verdict(true, "Answering", ""),
                status.instances(),
                status.nodes(),
                status.stock());
    }
}
