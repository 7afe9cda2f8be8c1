package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.report.EarlierInstances;
import dev.spillway.core.report.PodRemoval;
import dev.spillway.core.report.PodReports;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.StockPicture;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends allocations: "when is an instance terminated" is carried out here, until the region confirms that it is gone, and then the pod goes
 * on to its end or to another walk (R24.1, R26.1).
 */
public final class Termination {
    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final RealNodes realNodes;
    private final UnitMembership unitMembership;
    private final PodReports podReports;
    private final PodRemoval podRemoval;
    private final Map<InstanceKey, Instance> leftovers = new HashMap<>(); // only looked up, never iterated
    private final EarlierInstances earlierInstances;

    public Termination(
            Step step,
            Ledger ledger,
            StockPicture stock,
            RealNodes realNodes,
            EarlierInstances earlierInstances,
            UnitMembership unitMembership,
            PodReports podReports,
            PodRemoval podRemoval) {
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.stock = stock;
        this.realNodes = realNodes;
        this.earlierInstances = earlierInstances;
        this.unitMembership = unitMembership;
        this.podReports = podReports;
        this.podRemoval = podRemoval;
    }

    /** Terminates the allocation's instance. */
    public void end(Allocation allocation, String why) {
        var id = allocation.instanceId();
        if (id == null || allocation.state() == AllocationState.ENDING) {
            return;
        }
        allocation.become(AllocationState.ENDING, step.now());
        if (world.isUnbound(allocation.uid())) {
            realNodes.doubted(allocation.uid());
        }
        var region = world.regions.get(allocation.region());
        if (region != null && region.region().lost()) {
            gone(allocation);
            return;
        }
        step.emit(new Effect.Terminate(allocation.region(), id, allocation.uid(), why));
    }

    /** Terminates an instance that no allocation covers. */
    public void leftover(Instance instance, String why) {
        var tags = instance.tags();
        var place = new InstanceKey(tags.offer().region(), instance.id());
        if (ledger.addLeftover(place)) {
            leftovers.put(place, instance);
            step.emit(new Effect.Terminate(place.region(), place.instance(), tags.podUid(), why));
        }
    }

    public void terminateAnswered(Effect.Terminate effect, TerminateAnswer answer) {
        var place = new InstanceKey(effect.region(), effect.instance());
        var allocation = ledger.allocation(effect.uid());
        boolean mine = allocation != null
                && allocation.state() == AllocationState.ENDING
                && effect.instance().equals(allocation.instanceId());
        if (answer instanceof TerminateAnswer.Gone) {
            if (allocation != null && mine) {
                var last = allocation.isEndConfirmed() ? null : allocation.instance();
                goneUnseen(allocation);
                leftBehind(last);
            } else {
                ledger.removeLeftover(place);
                leftBehind(leftovers.remove(place));
            }
        } else if (mine || ledger.isLeftover(place)) {
            if (allocation != null && mine) {
                stays(allocation, whyNot(answer));
            }
            int tries = allocation != null && mine ? allocation.countTry() : 2;
            step.after(Step.pause(tries), () -> {
                boolean still = (allocation != null && mine)
                        ? allocation.state() == AllocationState.ENDING
                        : ledger.isLeftover(place);
                if (still) {
                    step.emit(effect);
                }
            });
        }
    }

    /** Nothing is known yet of the end of the allocation's instance; where its pod is deleted, it has to stay. */
    public void stays(Allocation allocation, String why) {
        var state = world.pod(allocation.uid());
        if (state != null) {
            podRemoval.stays(state, allocation.region(), allocation.since(), why);
        }
    }

    private static String whyNot(TerminateAnswer answer) {
        return switch (answer) {
            case TerminateAnswer.Gone() -> "";
            case TerminateAnswer.Ending() -> "it is ending";
            case TerminateAnswer.Unknown(String why) -> why;
        };
    }

    /** The instance is gone. How its containers ended no report has said: the region may still know, and is asked once. */
    private void goneUnseen(Allocation allocation) {
        var state = world.pod(allocation.uid());
        var last = allocation.instance();
        boolean endIsKnown = last == null || last.finishedAt() != null || last.startedAt() == null;
        if (last == null
                || endIsKnown
                || state == null
                || !isGoing(allocation, state)
                || state.pod.phase().isTerminal()) {
            gone(allocation);
        } else {
            allocation.endConfirmed();
            step.emit(new Effect.Describe(allocation.region(), last.id(), allocation.uid()));
        }
    }

    /** How the containers of an instance ended that is gone, as far as the region remembers. */
    public void described(Allocation allocation, FindAnswer answer) {
        if (allocation.isEndConfirmed()) {
            if (answer instanceof FindAnswer.Found(Instance instance)) {
                allocation.observe(instance);
            }
            gone(allocation);
        }
    }

    private static boolean isGoing(Allocation allocation, PodState state) {
        return state.pod.deleting() && allocation.node().equals(state.pod.node());
    }

    /** The region confirms that the instance which we terminated is gone: what it took up is free now, and that is known. */
    public void ended(Allocation allocation) {
        var last = allocation.isEndConfirmed() ? null : allocation.instance();
        gone(allocation);
        leftBehind(last);
    }

    private void leftBehind(@Nullable Instance instance) {
        if (instance != null
                && hadCapacity(instance)
                && stock.freed(instance.tags().offer())) {
            step.agenda().opened(instance.tags().offer());
        }
    }

    /** Whether its end gives us room: what the region never had, or takes back for itself, does not. */
    private static boolean hadCapacity(Instance instance) {
        boolean takenBack = instance.reason().equals(Instance.RECLAIMED)
                || instance.reason().equals(Instance.TO_BE_RELEASED)
                || instance.isEndedByRegion();
        return !takenBack && !InstanceStatus.hadNoStock(instance);
    }

    /** The allocation's instance is gone. */
    public void gone(Allocation allocation) {
        ledger.spent(allocation.uid(), allocation.region(), allocation.tags().incarnation());
        drop(allocation);
    }

    /** The instance of a bound pod is gone for good: the pod fails, its owner makes another. */
    public void lost(Allocation allocation, String reason, String message) {
        podReports.failed(allocation.uid(), allocation.instance(), reason, message);
        allocation.become(AllocationState.ENDING, step.now());
        gone(allocation);
    }

    /** Takes the allocation out of the books and lets the pod go on: to its end, or to another walk. */
    public void drop(Allocation allocation) {
        allocation.become(AllocationState.GONE, step.now());
        ledger.close(allocation);
        earlierInstances.ended(allocation);
        var state = world.pod(allocation.uid());
        unitMembership.arrived(allocation.uid(), state);
        if (state == null) {
            ledger.forget(allocation.uid());
            return;
        }
        realNodes.podSeen(state.pod); // before it walks again: it is not on its way any more
        if (isGoing(allocation, state)) {
            podRemoval.go(state, allocation.instance());
        } else {
            step.agenda().pod(state);
        }
    }

    /** An operator declared the region lost: what it may hold is written off. */
    public void regionLost(RegionId region) {
        for (var allocation : ledger.allocationsNow()) {
            if (!allocation.region().equals(region)) {
                continue;
            }
            switch (allocation.state()) {
                case ASKING, UNKNOWN -> {
                    var ticket = allocation.ticket();
                    if (ticket != null) {
                        stock.released(ticket, step.now());
                    }
                    drop(allocation);
                }
                case HELD -> end(allocation, "region lost");
                case BINDING, GONE -> {}
                case BOUND -> lost(allocation, "RegionLost", "An operator declared region " + region + " lost.");
                case ENDING -> gone(allocation);
            }
        }
    }
}
