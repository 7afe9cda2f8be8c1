package dev.spillway.trials.scenario.fault;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.RegionStatus;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What should be written is not, although it is said to have been. */
final class WriteFaults {
    static final List<Fault> ALL = List.of(
            new Fault(
                    "waiting-pods-say-nothing",
                    "no pod says why it waits",
                    Planted.unwritten(write -> write instanceof ClusterWrite.Explain)),
            new Fault(
                    "reasons-without-code",
                    "a waiting pod names units, but no typed reason",
                    explanationsWithout("[A-Z][a-z]+[A-Z][A-Za-z]+: ")),
            new Fault(
                    "shortages-without-amounts",
                    "a waiting pod does not say how much is asked for, nor how much there is",
                    explanationsWithout(" [(]it asks for [^)]*[)]")),
            new Fault(
                    "events-not-written",
                    "no event is written",
                    Planted.unwritten(write -> write instanceof ClusterWrite.Announcing)),
            new Fault(
                    "closures-said-to-be-sold-out",
                    "a Region says of every offer that is closed that it is sold out",
                    regionStatuses(WriteFaults::soldOut)),
            new Fault(
                    "regions-said-to-be-reachable",
                    "a Region says that it is reachable, whatever it answers",
                    regionStatuses(WriteFaults::reachable)),
            new Fault(
                    "policy-status-not-written",
                    "a policy says nothing",
                    Planted.unwritten(write -> write instanceof ClusterWrite.WritePolicyStatus)),
            new Fault(
                    "end-not-written",
                    "a pod whose instance has ended goes on as it was",
                    Planted.unwritten(write -> write instanceof ClusterWrite.WriteStatus(var _, var _, PodStatus status)
                            && status.phase().isTerminal())),
            new Fault(
                    "shortage-not-written",
                    "a bound pod does not say that its instance could not be had",
                    Planted.unwritten(write -> write instanceof ClusterWrite.WriteStatus(var _, var _, PodStatus status)
                            && status.phase() == Pod.Phase.PENDING)),
            new Fault(
                    "eviction-not-sent",
                    "a pod that is to make room stays",
                    Planted.unwritten(write -> write instanceof ClusterWrite.Evict)),
            new Fault(
                    "move-not-sent",
                    "a pod that is to be moved out of an unreachable region stays",
                    Planted.unwritten(write -> isOfOutage(write))),
            new Fault(
                    "giving-up-not-sent",
                    "a pod that is to give up its place stays",
                    Planted.unwritten(write -> write instanceof ClusterWrite.GiveUp && !isOfOutage(write))));

    private WriteFaults() {}

    private static boolean isOfOutage(ClusterWrite write) {
        return write instanceof ClusterWrite.GiveUp giveUp && giveUp.reason().equals("RegionUnreachable");
    }

    private static Supplier<Seams> explanationsWithout(String pattern) {
        return Planted.writes(write -> write instanceof ClusterWrite.Explain(PodKey pod, PodUid uid, String message)
                ? new ClusterWrite.Explain(pod, uid, message.replaceAll(pattern, ""))
                : write);
    }

    private static Supplier<Seams> regionStatuses(UnaryOperator<RegionStatus> disturbed) {
        return Planted.writes(
                write -> write instanceof ClusterWrite.WriteRegionStatus(RegionId region, RegionStatus status)
                        ? new ClusterWrite.WriteRegionStatus(region, disturbed.apply(status))
                        : write);
    }

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
