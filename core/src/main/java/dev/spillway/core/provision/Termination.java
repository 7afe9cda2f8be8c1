package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationEvent;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.caps.UnitMembership;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.report.EarlierInstances;
import dev.spillway.core.report.PodFailure;
import dev.spillway.core.report.PodFailures;
import dev.spillway.core.report.PodRemoval;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.StockPicture;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Terminates instances and asks again until the region confirms that they are gone; then the pod goes on to its end or to another walk (R24.1,
 * R26.1). The callers decide when: {@link #end} an allocation's, {@link #spent} where a token had bought one before, {@link #leftover} one
 * that nobody has.
 */
public final class Termination {
    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final RealNodes realNodes;
    private final UnitMembership unitMembership;
    private final PodFailures podFailures;
    private final PodRemoval podRemoval;
    private final Map<InstanceKey, Instance> leftovers = new HashMap<>(); // only looked up, never iterated
    private final EarlierInstances earlierInstances;
    private final Namesakes namesakes;

    public Termination(
            Step step,
            Ledger ledger,
            StockPicture stock,
            RealNodes realNodes,
            EarlierInstances earlierInstances,
            Namesakes namesakes,
            UnitMembership unitMembership,
            PodFailures podFailures,
            PodRemoval podRemoval) {
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.stock = stock;
        this.realNodes = realNodes;
        this.earlierInstances = earlierInstances;
        this.namesakes = namesakes;
        this.unitMembership = unitMembership;
        this.podFailures = podFailures;
        this.podRemoval = podRemoval;
    }

    /** Terminates the allocation's instance; idempotent. */
    public void end(Allocation allocation, String why) {
        if (!(allocation.state() instanceof AllocationState.Ending)) {
            allocation.on(new AllocationEvent.TerminateSent(step.now()));
            terminate(allocation, why);
        }
    }

    /**
     * The pod is deleted or has ended: its instance is terminated, unless that has ended, too, and the region keeps what is left of it, its
     * logs above all, until the pod is deleted.
     */
    public void over(Allocation allocation, Pod pod, String why) {
        if (!pod.deleting()
                && allocation.state() instanceof AllocationState.Bound bound
                && hasEnded(bound.instance())
                && world.keepsEnded(allocation.region())) {
            leftBehind(bound.instance());
        } else {
            end(allocation, why);
        }
    }

    private static boolean hasEnded(Instance instance) {
        return instance.state() == Instance.State.SUCCEEDED || instance.state() == Instance.State.FAILED;
    }

    /** The allocation's token has bought an instance before: it is terminated, for good this time. */
    public void spent(Allocation allocation, Instance earlier) {
        allocation.on(new AllocationEvent.TokenSpent(earlier, step.now()));
        terminate(allocation, "its token is spent");
    }

    private void terminate(Allocation allocation, String why) {
        if (world.isUnbound(allocation.uid())) {
            realNodes.doubted(allocation.uid());
        }
        var region = world.regions.get(allocation.region());
        if (region != null && region.region().lost()) {
            writtenOff(allocation);
        } else if (allocation.state() instanceof AllocationState.Ending ending) {
            step.emit(
                    new Effect.Terminate(allocation.region(), ending.instance().id(), allocation.uid(), why));
        }
    }

    /** Terminates an instance that no allocation covers. */
    public void leftover(Instance instance, String why) {
        var tags = instance.tags();
        var place = new InstanceKey(tags.offer().region(), instance.id());
        namesakes.seen(instance);
        if (ledger.addLeftover(place)) {
            leftovers.put(place, instance);
            step.emit(new Effect.Terminate(place.region(), place.instance(), tags.podUid(), why));
        }
    }

    public void terminateAnswered(Effect.Terminate effect, TerminateAnswer answer) {
        var allocation = ledger.allocation(effect.uid());
        if (allocation != null
                && allocation.state() instanceof AllocationState.Ending ending
                && allocation.isOf(effect.instance())) {
            terminateAnswered(allocation, ending, effect, answer);
        } else {
            leftoverAnswered(new InstanceKey(effect.region(), effect.instance()), effect, answer);
        }
    }

    private void terminateAnswered(
            Allocation allocation, AllocationState.Ending ending, Effect.Terminate effect, TerminateAnswer answer) {
        if (answer instanceof TerminateAnswer.Gone) {
            goneUnseen(allocation, ending);
            leftBehind(ending);
        } else {
            stays(allocation, ending.since(), whyNot(answer));
            allocation.on(new AllocationEvent.TriedInVain());
            step.after(Step.pause(ending.tries()), () -> {
                if (allocation.state() instanceof AllocationState.Ending) {
                    step.emit(effect);
                }
            });
        }
    }

    private void leftoverAnswered(InstanceKey key, Effect.Terminate effect, TerminateAnswer answer) {
        if (answer instanceof TerminateAnswer.Gone) {
            ledger.removeLeftover(key);
            namesakes.over(key);
            leftBehind(leftovers.remove(key));
        } else if (ledger.isLeftover(key)) {
            step.after(Step.pause(2), () -> {
                if (ledger.isLeftover(key)) {
                    step.emit(effect);
                }
            });
        }
    }

    /** Nothing is known yet of the end of the allocation's instance; where its pod is deleted, it has to stay. */
    public void stays(Allocation allocation, Instant since, String why) {
        var state = world.pod(allocation.uid());
        if (state != null) {
            podRemoval.stays(state, allocation.region(), since, why);
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
    private void goneUnseen(Allocation allocation, AllocationState.Ending ending) {
        var state = world.pod(allocation.uid());
        var last = ending.instance();
        boolean endIsKnown = last.finishedAt() != null || last.startedAt() == null;
        if (endIsKnown
                || state == null
                || !isGoing(allocation, state)
                || state.pod.phase().isTerminal()) {
            allocation.on(new AllocationEvent.Ended());
            gone(allocation);
        } else {
            allocation.on(new AllocationEvent.EndConfirmed());
            step.emit(new Effect.Describe(allocation.region(), last.id(), allocation.uid()));
        }
    }

    /** How the containers of an instance ended that is gone, as far as the region remembers. */
    public void described(Allocation allocation, AllocationState.Ending ending, FindAnswer answer) {
        if (ending.isConfirmed()) {
            if (answer instanceof FindAnswer.Found(Instance instance)) {
                allocation.on(new AllocationEvent.Reported(instance));
            }
            allocation.on(new AllocationEvent.Ended());
            gone(allocation);
        }
    }

    private static boolean isGoing(Allocation allocation, PodState state) {
        return state.pod.deleting() && allocation.node().equals(state.pod.node());
    }

    /** The region confirms that the instance which we terminated is gone: what it took up is free now, and that is known. */
    public void ended(Allocation allocation, AllocationState.Ending ending) {
        allocation.on(new AllocationEvent.Ended());
        gone(allocation);
        leftBehind(ending);
    }

    /** What an instance took up is free from the first confirmation of its end. */
    private void leftBehind(AllocationState.Ending ending) {
        leftBehind(ending.isConfirmed() ? null : ending.instance());
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

    /** The allocation is gone, and so is the instance that it had. */
    public void gone(Allocation allocation) {
        ledger.spent(allocation.uid(), allocation.region(), allocation.tags().incarnation());
        drop(allocation);
    }

    private void writtenOff(Allocation allocation) {
        allocation.on(new AllocationEvent.WrittenOff());
        gone(allocation);
    }

    /** The region no longer has the instance of a bound pod: the pod fails, its owner makes another. */
    public void instanceLost(Allocation allocation, AllocationState.Bound bound) {
        fail(allocation, new PodFailure.InstanceLost(bound.instance()));
        allocation.on(new AllocationEvent.Ended());
        gone(allocation);
    }

    /** The region of a bound pod is declared lost: likewise. */
    public void regionLost(Allocation allocation, AllocationState.Bound bound) {
        fail(allocation, new PodFailure.RegionLost(allocation.region(), bound.instance()));
        writtenOff(allocation);
    }

    private void fail(Allocation allocation, PodFailure why) {
        var state = world.pod(allocation.uid());
        if (state != null) {
            podFailures.fail(state, why);
        }
    }

    /** Takes an allocation that is gone out of the books and lets the pod go on: to its end, or to another walk. */
    public void drop(Allocation allocation) {
        ledger.close(allocation);
        earlierInstances.ended(allocation);
        namesakes.over(allocation);
        var state = world.pod(allocation.uid());
        unitMembership.arrived(allocation.uid(), state);
        if (state == null) {
            ledger.forget(allocation.uid());
            return;
        }
        realNodes.podSeen(state.pod); // before it walks again: it is not on its way any more
        if (isGoing(allocation, state)) {
            podRemoval.go(state, allocation.state().instance());
        } else {
            step.agenda().pod(state);
        }
    }

    /** An operator declared the region lost: what it may hold is written off. */
    public void regionLost(RegionId region) {
        namesakes.writtenOff(region);
        for (var allocation : ledger.allocationsNow()) {
            if (!allocation.region().equals(region)) {
                continue;
            }
            switch (allocation.state()) {
                case AllocationState.Asking asking -> {
                    stock.released(asking.ticket(), step.now());
                    allocation.on(new AllocationEvent.WrittenOff());
                    drop(allocation);
                }
                case AllocationState.Unknown _ -> {
                    allocation.on(new AllocationEvent.WrittenOff());
                    drop(allocation);
                }
                case AllocationState.Held _ -> end(allocation, "region lost");
                case AllocationState.Binding _, AllocationState.Gone _ -> {}
                case AllocationState.Bound bound -> regionLost(allocation, bound);
                case AllocationState.Ending _ -> writtenOff(allocation);
            }
        }
    }
}
