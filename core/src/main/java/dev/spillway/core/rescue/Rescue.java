package dev.spillway.core.rescue;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.Closure;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.report.FailStrategy;
import dev.spillway.core.report.PodFailure;
import dev.spillway.core.report.PodFailures;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Queues;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import dev.spillway.core.stock.Availability;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bound pods that do not get to run, judged by what they wait for (R11.6 to R11.9). One that waits for stock, or whose instance was accepted and says
 * nothing for longer than starts of its offer take, gives up its place where its fail strategy is {@code fail-over} and there is another
 * place to ask. One that waits for an image, or whose program crashed, never does: it would fare likewise elsewhere.
 */
public final class Rescue {
    /** Whoever may go is looked at again so often, since places come free without a word to those that are bound. */
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** So long after a start it is not yet known what is going on with pods that are older. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private static final String REASON = "GivesWay";
    private static final String NOBODY_ELSE =
            "fail-over has no effect, for nobody would make another pod in place of this one; it stays and is asked for again here";

    private final Step step;
    private final World world;
    private final Ledger ledger;
    private final StockPicture stock;
    private final PodFailures podFailures;
    private final Departures departures;
    private final Elsewhere elsewhere;
    private final Starts starts;
    private final OneAtATime oneAtATime = new OneAtATime();
    private final TreeSet<Queues.Position> stuck = new TreeSet<>(); // those that give way, who goes first first
    private boolean isDue;

    /** Says where else a bound pod could be. */
    public interface Elsewhere {
        /** Where the next pod that the owner makes in place of this one would go now, in words; null where that is its own place, or none. */
        @Nullable
        String insteadOf(PodState state);
    }

    /** How a pod that is to give way stands. */
    private enum Standing {
        /** It has no instance, or one that does not start. */
        STUCK,
        /** A region is being asked for it, or has just accepted. */
        BEING_ASKED,
        /** It runs, is about to, waits for something else than a region, or is leaving already. */
        FINE
    }

    /** One that knows of no pod yet. */
    public Rescue(
            Step step,
            Ledger ledger,
            StockPicture stock,
            PodFailures podFailures,
            Departures departures,
            Elsewhere elsewhere) {
        this.step = step;
        this.world = step.world();
        this.ledger = ledger;
        this.stock = stock;
        this.podFailures = podFailures;
        this.departures = departures;
        this.elsewhere = elsewhere;
        this.starts = new Starts(step, stock);
    }

    /** A pod is seen. */
    public void podSeen(Pod pod) {
        oneAtATime.seen(pod);
    }

    /** A pod's object is gone. */
    public void podGone(PodState state) {
        stuck.remove(Queues.placeOf(state));
        departures.podGone(state.pod.uid());
        starts.podGone(state.pod.uid());
    }

    /** A pod that is bound has no instance, and wants one. */
    public void lacksInstance(PodState state) {
        if (FailStrategy.of(state.pod) == FailStrategy.GIVE_WAY && placedByPolicy(state.pod)) {
            giveWay(state);
        }
    }

    /** A region has said something of an instance. {@code before}: where its allocation stood until then. */
    public void reported(Allocation allocation, AllocationState.Owning before) {
        if (allocation.state() instanceof AllocationState.Owning owning) {
            starts.reported(allocation, before, owning.instance());
            if (owning instanceof AllocationState.Bound bound && starts.isOverdue(allocation, bound)) {
                overdue(allocation);
            }
        }
    }

    private void overdue(Allocation allocation) {
        var state = world.pod(allocation.uid());
        if (state == null || !Departures.isThere(state) || !isReachable(state)) {
            return;
        }
        switch (FailStrategy.of(state.pod)) {
            case FAIL -> {
                podFailures.fail(state, new PodFailure.NeverStarted(starts.slow(allocation)));
                starts.passOver(allocation.offer());
            }
            case GIVE_WAY -> {
                if (placedByPolicy(state.pod) && hasMaker(state.pod)) {
                    giveWay(state);
                } else {
                    tellSlow(state, allocation);
                }
            }
            case ASK_AGAIN -> tellSlow(state, allocation);
        }
    }

    private void tellSlow(PodState state, Allocation allocation) {
        departures.tellOnce(state.pod, new Announcement(true, "StartsSlowly", starts.slow(allocation)));
    }

    /** Whether we chose the place, by a policy: whoever is bound by others comes back to the same one (R23.7). */
    private static boolean placedByPolicy(Pod pod) {
        return pod.annotations().get(Names.POLICY) != null;
    }

    private static boolean hasMaker(Pod pod) {
        var owner = pod.owner();
        return owner != null && owner.makesAnother();
    }

    private void giveWay(PodState state) {
        var owner = state.pod.owner();
        if (owner == null || !hasMaker(state.pod)) {
            departures.tellOnce(state.pod, new Announcement(false, "StaysInPlace", NOBODY_ELSE));
            return;
        }
        stuck.add(Queues.placeOf(state));
        if (standing(state) == Standing.STUCK) {
            consider(state, owner);
        }
        lookAgain();
    }

    private void lookAgain() {
        if (!isDue && !stuck.isEmpty()) {
            isDue = true;
            step.after(EVERY, () -> {
                isDue = false;
                sweep();
                lookAgain();
            });
        }
    }

    private void sweep() {
        var settled = new HashSet<String>(); // of one owner and node all fare alike; only looked up
        for (var place : List.copyOf(stuck)) {
            var state = world.pod(place.uid());
            var owner = state == null ? null : state.pod.owner();
            if (state == null || owner == null || standing(state) == Standing.FINE) {
                stuck.remove(place);
                continue;
            }
            var alike = owner.uid() + " " + state.pod.node();
            if (standing(state) == Standing.STUCK && !settled.contains(alike) && consider(state, owner)) {
                settled.add(alike);
            }
        }
    }

    private Standing standing(PodState state) {
        boolean mayWait = Departures.isThere(state) && !state.pod.ready();
        if (!mayWait || FailStrategy.of(state.pod) != FailStrategy.GIVE_WAY) {
            return Standing.FINE;
        }
        var allocation = ledger.allocation(state.pod.uid());
        var lacking = state.wantsInstance ? Standing.STUCK : Standing.FINE;
        if (allocation == null) {
            return lacking;
        }
        return switch (allocation.state()) {
            case AllocationState.Open _, AllocationState.Held _, AllocationState.Binding _ -> Standing.BEING_ASKED;
            case AllocationState.Bound bound -> starts.isOverdue(allocation, bound) ? Standing.STUCK : Standing.FINE;
            case AllocationState.Ending _, AllocationState.Gone _ -> lacking;
        };
    }

    /** Lets the pod go where it may and there is another place; false where only that something else comes first keeps it. */
    private boolean consider(PodState state, Owner owner) {
        boolean isKnown = !state.olderThanStart || step.age().compareTo(SETTLED) >= 0;
        if (!isKnown
                || !departures.mayLeave(state)
                || !oneAtATime.allows(state.pod, owner, step.now())
                || !isReachable(state)) {
            return false;
        }
        var silent = silent(state);
        if (silent != null) {
            starts.passOver(silent);
        }
        var there = elsewhere.insteadOf(state);
        if (there == null) {
            return true;
        }
        var present = new HashSet<PodUid>(); // only looked up
        if (noneIsOnItsWay(owner, present)) {
            oneAtATime.begins(state.pod, owner, present, step.now());
            if (silent != null) {
                starts.givenUp(state.pod.uid(), silent);
            }
            var why = why(state, there);
            departures.leave(state, REASON, why, known -> standing(known) != Standing.FINE, this::staysAfterAll);
        }
        return true;
    }

    private void staysAfterAll(Pod pod) {
        oneAtATime.cancelled(pod);
        starts.keptAfterAll(pod.uid());
    }

    /** The offer of a stuck pod's instance, which was accepted and does not start; null where there is no instance. */
    private @Nullable Offer silent(PodState state) {
        var allocation = ledger.allocation(state.pod.uid());
        return allocation != null && allocation.state() instanceof AllocationState.Bound ? allocation.offer() : null;
    }

    /** Whether no pod of the owner is leaving, waits for a place or is about to start; collects them all. */
    private boolean noneIsOnItsWay(Owner owner, Set<PodUid> present) {
        boolean none = true;
        for (var state : world.pods()) {
            if (owner.equals(state.pod.owner()) && !state.pod.phase().isTerminal()) {
                present.add(state.pod.uid());
                none &= !isOnItsWay(state);
            }
        }
        return none;
    }

    private boolean isOnItsWay(PodState state) {
        var pod = state.pod;
        if (pod.deleting() || pod.phase() != Pod.Phase.PENDING) {
            return pod.deleting();
        }
        var allocation = ledger.allocation(pod.uid());
        boolean hasItsOwnTrouble = allocation != null
                && allocation.state() instanceof AllocationState.Bound(var instance, var _, var _, var _, var _)
                && instance.containers().stream().anyMatch(ContainerReport::isTelling);
        return !pod.gated() && !hasItsOwnTrouble && !stuck.contains(Queues.placeOf(state));
    }

    /** Whether what is known of the pod's instance is no older than usual. */
    private boolean isReachable(PodState state) {
        var node = state.pod.node();
        var region = node == null ? null : world.regionOf(node);
        if (region == null
                || world.isOutOfReach(region)
                || !world.listProblem(region).isEmpty()) {
            return false;
        }
        return switch (stock.availability(region, step.now())) {
            case Availability.Ask _, Availability.Busy _ -> true;
            case Availability.Closed closed -> closed.why() == Closure.THROTTLED; // that is an answer, too
            case Availability.Probing probing -> probing.why() == Closure.THROTTLED;
        };
    }

    private String why(PodState state, String there) {
        var allocation = ledger.allocation(state.pod.uid());
        var trouble = allocation != null && allocation.state() instanceof AllocationState.Bound
                ? starts.slow(allocation)
                : "There is no instance for it.";
        return "Gives up its place on %s, so that the next pod of %s can go elsewhere: %s now. %s"
                .formatted(state.pod.node(), state.pod.owner(), there, trouble);
    }
}
