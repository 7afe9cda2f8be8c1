package dev.spillway.core.outage;

import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which regions are out, since when, and what becomes of the pods there once a region has been out for longer than its patience: each
 * stays, is moved, or asks, as it chose (R29). A region is out from the second list in a row that it does not answer until it answers
 * anything. Only silence that was listened to counts: after a restart, and after a pause of this process, the patience begins anew.
 * Owned by the engine's thread.
 */
public final class RegionOutages {
    /** So long a connection may take to be opened, whatever the patience; chosen. */
    private static final Duration TO_OPEN = Duration.ofMinutes(1);

    /** Lists that fail follow one another more closely than this, deadlines apart: after a longer gap it was us who did not look; chosen. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    private final Step step;
    private final World world;
    private final Residents residents;
    private final Moves moves;
    private final TreeMap<RegionId, Outage> outages = new TreeMap<>();
    private boolean isLookDue;

    private static final class Outage {
        private final Instant since;
        private final boolean neverOpen;
        private final TreeSet<PodUid> told = new TreeSet<>();
        private Instant confirmedAt;

        Outage(Instant since, boolean neverOpen) {
            this.since = since;
            this.confirmedAt = since;
            this.neverOpen = neverOpen;
        }
    }

    /** No region is out yet. */
    public RegionOutages(Step step, Ledger ledger) {
        this.step = step;
        this.world = step.world();
        this.residents = new Residents(world, ledger);
        this.moves = new Moves(step, residents, this::isOfDueRegion);
    }

    /** A list was answered, and {@link World#listProblem} knows. */
    public void answered(RegionId region, ListAnswer answer) {
        if (!(answer instanceof ListAnswer.Unknown)) {
            heard(region);
        } else if (!world.listProblem(region).isEmpty()) {
            silent(region, false);
        }
    }

    /** A request for an instance was answered, or not. */
    public void answered(RegionId region, AcquireAnswer answer) {
        boolean isHeard = switch (answer) {
            case AcquireAnswer.Accepted accepted -> true;
            case AcquireAnswer.Spent spent -> true;
            case AcquireAnswer.Unknown unknown -> false;
            case AcquireAnswer.Refused(Refusal refusal) -> isHeardIn(refusal);
        };
        heardIf(isHeard, region);
    }

    private static boolean isHeardIn(Refusal refusal) {
        return switch (refusal) {
            case Refusal.OutOfStock _,
                    Refusal.NotOffered _,
                    Refusal.QuotaReached _,
                    Refusal.Throttled _,
                    Refusal.Invalid _ -> true;
            case Refusal.Unauthorised _, Refusal.Unavailable _ -> false;
            case Refusal.Unprepared _ -> false; // nor is it a sign that the region is silent: it was not asked
        };
    }

    /** A termination was answered, or not. */
    public void answered(RegionId region, TerminateAnswer answer) {
        heardIf(!(answer instanceof TerminateAnswer.Unknown), region);
    }

    /** An instance was looked up, or not. */
    public void answered(RegionId region, FindAnswer answer) {
        heardIf(!(answer instanceof FindAnswer.Unknown), region);
    }

    private void heardIf(boolean isHeard, RegionId region) {
        if (isHeard) {
            heard(region);
        }
    }

    /** The region says something: it is not out, and nobody is moved any more. */
    public void heard(RegionId region) {
        outages.remove(region);
    }

    /** Regions were declared otherwise, or a connection was opened. */
    public void regionsChanged() {
        if (!world.isListed()) {
            return;
        }
        outages.keySet().removeIf(id -> !isServed(id));
        outages.entrySet().removeIf(entry -> entry.getValue().neverOpen && world.capabilities(entry.getKey()) != null);
        everybodyIsLookedAt();
        lookNow(); // their patience may be another one
    }

    /** Everything is looked at anew, as it is a minute after the start: a connection that is not open then may never be. */
    public void everybodyIsLookedAt() {
        if (!world.isListed() || step.age().compareTo(TO_OPEN) < 0) {
            return;
        }
        for (var entry : world.regions.all()) {
            var id = entry.region().id();
            if (world.capabilities(id) == null && !outages.containsKey(id)) {
                silent(id, true);
            }
        }
    }

    private boolean isServed(RegionId id) {
        var region = world.regions.accepted(id);
        return region != null && !region.lost();
    }

    /** It does not answer now, or its connection is not open. */
    private void silent(RegionId id, boolean neverOpen) {
        var region = world.regions.accepted(id);
        if (region == null || region.lost()) {
            return;
        }
        var known = outages.get(id);
        if (known != null && isFresh(region, known)) {
            known.confirmedAt = step.now();
        } else {
            outages.put(id, new Outage(step.now(), neverOpen));
        }
        lookNow();
        var present = outages.get(id);
        if (neverOpen) {
            step.after(LOOK_EVERY, () -> {
                if (outages.get(id) == present) {
                    silent(id, true);
                }
            });
        }
    }

    private boolean isFresh(Region region, Outage outage) {
        var longest = FRESH.plusMillis(region.backend().requestTimeoutMillis());
        return !step.now().isAfter(outage.confirmedAt.plus(longest));
    }

    /** Looks, unless that is about to be done anyway. Each list that fails comes here, so patience needs no timer. */
    private void lookNow() {
        if (!isLookDue) {
            look();
        }
    }

    private static Instant dueAt(Region region, Outage outage) {
        var patience = region.outagePatience();
        boolean isTooShort = outage.neverOpen && patience.compareTo(TO_OPEN) < 0;
        return outage.since.plus(isTooShort ? TO_OPEN : patience);
    }

    private boolean isDue(RegionId id, Outage outage) {
        var region = world.regions.accepted(id);
        return region != null && isFresh(region, outage) && !step.now().isBefore(dueAt(region, outage));
    }

    private boolean isOfDueRegion(PodState state) {
        var node = state.pod.node();
        var region = node == null ? null : world.regionOf(node);
        var outage = region == null ? null : outages.get(region);
        return region != null && outage != null && isDue(region, outage);
    }

    /** A pod is there, new or changed: it may have chosen otherwise. */
    public void podSeen(PodState state) {
        if (!outages.isEmpty() && !isLookDue && isOfDueRegion(state)) {
            lookAt(step.now());
        }
    }

    private void lookAt(Instant when) {
        isLookDue = true;
        step.at(when, () -> {
            isLookDue = false;
            look();
        });
    }

    /** Looks at everybody in regions that have been out for long, and again as long as somebody waits to be moved. */
    private void look() {
        var due = due();
        for (var id : due.keySet()) {
            residents.of(id).forEach(state -> tell(id, state));
        }
        if (!due.isEmpty() && moves.next(due, outages.keySet()) && !isLookDue) {
            lookAt(step.now().plus(Moves.EVERY));
        }
    }

    private SortedMap<RegionId, Instant> due() {
        var due = new TreeMap<RegionId, Instant>();
        outages.forEach((id, outage) -> {
            if (isDue(id, outage)) {
                due.put(id, outage.since);
            }
        });
        return due;
    }

    /** Says once on a pod that its region is out and what that means for it; who is moved is told then. */
    private void tell(RegionId region, PodState state) {
        var outage = outages.get(region);
        if (outage == null || Moves.concerns(state) || !outage.told.add(state.pod.uid())) {
            return;
        }
        var unknown = OnOutage.unknownWord(state.pod);
        if (unknown != null) {
            say(
                    state,
                    "UnknownOnRegionOutage",
                    "Annotation spillway.dev/on-region-outage is '%s': write Stay, Move or Ask. The pod stays"
                            .formatted(unknown));
        }
        var problem = outage.neverOpen ? "its connection is not open" : world.listProblem(region);
        var silent =
                "Region %s has not answered since %s (%s). ".formatted(region, Reason.second(outage.since), problem);
        switch (OnOutage.of(state.pod)) {
            case STAY -> say(state, "RegionUnreachable", silent + "The pod stays there, where it may still run");
            case ASK ->
                say(
                        state,
                        "RegionUnreachable",
                        silent
                                + "The pod may still run there, and asks what to do: to have another one made, delete it or set"
                                + " its annotation spillway.dev/on-region-outage to Move; it stays Terminating until the"
                                + " region confirms its end");
            case MOVE -> say(state, "NotMoved", silent + "The pod stays: " + Moves.whyNobodyMakesAnother(state));
        }
    }

    private void say(PodState state, String reason, String text) {
        step.write(new ClusterWrite.Announce(state.pod.key(), state.pod.uid(), new Announcement(true, reason, text)));
    }

    /** The deletion of a pod that is moved was answered, or not. */
    public void written(ClusterWrite.GiveUp write, WriteAnswer answer) {
        moves.written(write, answer);
    }
}
