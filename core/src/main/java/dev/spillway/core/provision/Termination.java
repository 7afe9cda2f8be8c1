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
 * Ends claims: "when is an instance terminated" is carried out here, until the region confirms that it is gone, and then the pod goes
 * on to its end or to another walk (ARCHITECTURE.md, "The life of a pod").
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

    /** Terminates the claim's instance. */
    public void end(Allocation claim, String why) {
        var id = claim.instanceId();
        if (id == null || claim.state() == AllocationState.ENDING) {
            return;
        }
        claim.become(AllocationState.ENDING, step.now());
        if (world.isUnbound(claim.uid())) {
            realNodes.doubted(claim.uid());
        }
        var region = world.regions.get(claim.region());
        if (region != null && region.region().lost()) {
            gone(claim);
            return;
        }
        step.emit(new Effect.Terminate(claim.region(), id, claim.uid(), why));
    }

    /** Terminates an instance that no claim covers. */
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
        var claim = ledger.claim(effect.uid());
        boolean mine = claim != null
                && claim.state() == AllocationState.ENDING
                && effect.instance().equals(claim.instanceId());
        if (answer instanceof TerminateAnswer.Gone) {
            if (claim != null && mine) {
                var last = claim.isEndConfirmed() ? null : claim.instance();
                goneUnseen(claim);
                leftBehind(last);
            } else {
                ledger.removeLeftover(place);
                leftBehind(leftovers.remove(place));
            }
        } else if (mine || ledger.isLeftover(place)) {
            if (claim != null && mine) {
                stays(claim, whyNot(answer));
            }
            int tries = claim != null && mine ? claim.countTry() : 2;
            step.after(Step.pause(tries), () -> {
                boolean still =
                        (claim != null && mine) ? claim.state() == AllocationState.ENDING : ledger.isLeftover(place);
                if (still) {
                    step.emit(effect);
                }
            });
        }
    }

    /** Nothing is known yet of the end of the claim's instance; where its pod is deleted, it has to stay. */
    public void stays(Allocation claim, String why) {
        var state = world.pod(claim.uid());
        if (state != null) {
            podRemoval.stays(state, claim.region(), claim.since(), why);
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
    private void goneUnseen(Allocation claim) {
        var state = world.pod(claim.uid());
        var last = claim.instance();
        boolean endIsKnown = last == null || last.finishedAt() != null || last.startedAt() == null;
        if (last == null
                || endIsKnown
                || state == null
                || !isGoing(claim, state)
                || state.pod.phase().isTerminal()) {
            gone(claim);
        } else {
            claim.endConfirmed();
            step.emit(new Effect.Describe(claim.region(), last.id(), claim.uid()));
        }
    }

    /** How the containers of an instance ended that is gone, as far as the region remembers. */
    public void described(Allocation claim, FindAnswer answer) {
        if (claim.isEndConfirmed()) {
            if (answer instanceof FindAnswer.Found(Instance instance)) {
                claim.observe(instance);
            }
            gone(claim);
        }
    }

    private static boolean isGoing(Allocation claim, PodState state) {
        return state.pod.deleting() && claim.node().equals(state.pod.node());
    }

    /** The region confirms that the instance which we terminated is gone: what it took up is free now, and that is known. */
    public void ended(Allocation claim) {
        var last = claim.isEndConfirmed() ? null : claim.instance();
        gone(claim);
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

    /** The claim's instance is gone. */
    public void gone(Allocation claim) {
        ledger.spent(claim.uid(), claim.region(), claim.tags().incarnation());
        drop(claim);
    }

    /** The instance of a bound pod is gone for good: the pod fails, its owner makes another. */
    public void lost(Allocation claim, String reason, String message) {
        podReports.failed(claim.uid(), claim.instance(), reason, message);
        claim.become(AllocationState.ENDING, step.now());
        gone(claim);
    }

    /** Takes the claim out of the books and lets the pod go on: to its end, or to another walk. */
    public void drop(Allocation claim) {
        claim.become(AllocationState.GONE, step.now());
        ledger.close(claim);
        earlierInstances.ended(claim);
        var state = world.pod(claim.uid());
        unitMembership.arrived(claim.uid(), state);
        if (state == null) {
            ledger.forget(claim.uid());
            return;
        }
        realNodes.podSeen(state.pod); // before it walks again: it is not on its way any more
        if (isGoing(claim, state)) {
            podRemoval.go(state, claim.instance());
        } else {
            step.agenda().pod(state);
        }
    }

    /** An operator declared the region lost: what it may hold is written off. */
    public void regionLost(RegionId region) {
        for (var claim : ledger.claimsNow()) {
            if (!claim.region().equals(region)) {
                continue;
            }
            switch (claim.state()) {
                case ASKING, UNKNOWN -> {
                    var ticket = claim.ticket();
                    if (ticket != null) {
                        stock.released(ticket, step.now());
                    }
                    drop(claim);
                }
                case HELD -> end(claim, "region lost");
                case BINDING, GONE -> {}
                case BOUND -> lost(claim, "RegionLost", "An operator declared region " + region + " lost.");
                case ENDING -> gone(claim);
            }
        }
    }
}
