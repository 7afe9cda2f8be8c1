package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.stock.StockPicture;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks a pod over its units and says which one wins, or why none does. Reads the facts, changes none.
 *
 * <p>The order of units is a hard rule: a later one is looked at only when the ones before can never take the pod, or {@link Hold}
 * lets it leave them. What one unit answers is worked out in {@link UnitCheck}; pods without a policy walk in
 * {@link PodsWithoutUnits}.
 */
public final class Walker {
    private final Facts facts;
    private final UnitCounts counts;
    private final StartBarrier start;
    private final UnitCheck units;
    private final NodeCheck nodes;
    private final PodsWithoutUnits withoutUnits;

    /** What the walk needs to know beyond regions, stock, counts and nodes. */
    public interface Facts {
        /** A node, null where it does not exist. */
        @Nullable
        Node node(NodeName name);

        /** Whether the region's backend is open. */
        boolean isOpen(RegionId region);

        /** Regions that older pods still have to wait for after a start; empty once it is over. */
        List<RegionId> notListedYet();

        /** The selector by which an owner in this namespace counts its pods; Unknown while it is being read. */
        SelectorAnswer selectorOf(String namespace, Owner owner);

        /** The names of the policies of a namespace, in order. */
        List<String> policiesOf(String namespace);

        /** Whether pods older than the start wait for regions even where a real node would take them. */
        boolean isPatient();

        /** Whether the process is so young that what it does not know yet is worth waiting for. */
        boolean isSettlingIn();

        /** Whether the region was declared, or its connection opened, so short a time ago that what it lacks is worth waiting for. */
        boolean isNew(RegionId region);

        /** Whether somebody deleted the virtual node so short a time ago that it is worth waiting for. */
        boolean isNew(NodeName node);

        /** What may still run of an earlier pod of this name, where that keeps the pod from being placed; null where nothing does. */
        PodReason.@Nullable EarlierInstance earlierInstance(Pod pod);

        /** Whether the policy was declared so short a time ago that what it names may still be on its way. */
        boolean isNew(PolicyKey policy);
    }

    /**
     * A pod with what is remembered about it.
     *
     * @param profile what the profile of region pods adds to the pod, without the keys that it has
     * @param refusals why regions are not asked for this pod itself, or were not
     * @param waitingSince when each unit that has a clock for it first did not take it, by position
     * @param roomBeingMade the node that pods of lower priority are leaving for it, and who is still there; null where none is
     * @param refusedRooms nodes where the API server refused to let somebody go for it
     */
    public record Subject(
            Pod pod,
            Authority authority,
            Additions profile,
            boolean olderThanStart,
            Map<RegionId, RegionReason.OfRequest> refusals,
            SortedMap<Integer, Instant> waitingSince,
            NodeSearch.@Nullable Room roomBeingMade,
            SortedMap<NodeName, NodeReason.EvictionRefused> refusedRooms) {}

    /** A walker over these facts. */
    public Walker(RegionDirectory regions, StockPicture stock, UnitCounts counts, NodeSearch nodes, Facts facts) {
        this.facts = facts;
        this.counts = counts;
        this.start = new StartBarrier(facts);
        this.nodes = new NodeCheck(nodes, facts, start);
        var selectors = new SelectorCheck(facts);
        var zones = new ZoneSearch(regions, stock, nodes, facts);
        this.units = new UnitCheck(regions, facts, selectors, start, new CapCheck(counts, facts), zones, this.nodes);
        this.withoutUnits = new PodsWithoutUnits(regions, facts, selectors, start, zones, this.nodes);
    }

    /** Walks a waiting pod over its units. */
    public Walk walk(Subject subject, Instant now) {
        return switch (subject.authority()) {
            case Authority.NotOurs() -> new Walk.Ignore();
            case Authority.Refused(Reason reason) -> Walk.Stay.of(reason);
            case Authority.ByPolicy(Policy policy) ->
                onceRegionsAreHeard(subject, () -> walkUnits(subject, policy, now));
            case Authority.Ordinary() -> onceRegionsAreHeard(subject, () -> withoutUnits.ordinary(subject, now));
            case Authority.Pinned() -> onceRegionsAreHeard(subject, () -> withoutUnits.pinned(subject, now));
            case Authority.Eci() -> onceRegionsAreHeard(subject, () -> withoutUnits.pinned(subject, now));
        };
    }

    /** Looks at the one zone of a pod that somebody else bound to its node. */
    public Walk walkBound(Subject subject, RegionDirectory.Zone zone, Instant now) {
        var earlier = earlierInstance(subject);
        return earlier == null ? withoutUnits.bound(subject, zone, now) : earlier;
    }

    /** Waits for the end of an earlier pod of its name; null where it need not. */
    private Walk.@Nullable Stay earlierInstance(Subject subject) {
        var earlier = facts.earlierInstance(subject.pod());
        return earlier == null
                ? null
                : new Walk.Stay(
                        Explanation.of(earlier),
                        List.of(new Gate.NameGate(subject.pod().key())),
                        false,
                        Collections.emptySortedMap());
    }

    private Walk onceRegionsAreHeard(Subject subject, Supplier<Walk> walk) {
        var earlier = earlierInstance(subject);
        if (earlier != null) {
            return earlier;
        }
        var silent = start.mustBeHeardFirst(subject);
        return silent.isEmpty() ? walk.get() : Walk.Stay.of(new RegionReason.TakingOver(silent));
    }

    /** The first unit that takes the pod wins; one that does not is left only where nothing makes the pod stay with it. */
    private Walk walkUnits(Subject subject, Policy policy, Instant now) {
        var missing = policy.counting().missingKey(subject.pod().labels());
        if (missing != null) {
            return Walk.Stay.of(new PolicyReason.GroupKeyMissing(policy.key(), missing));
        }
        var route = new Route(policy, subject.waitingSince());
        for (int position = 1; position <= policy.units().size(); position++) {
            var applicant = Applicant.to(policy.unit(position), subject, now);
            switch (units.answer(applicant, policy, position)) {
                case UnitAnswer.Ask(Offer offer) -> {
                    return ask(applicant, policy, position, offer, route);
                }
                case UnitAnswer.OnNode(NodeName node) -> {
                    return bind(applicant, policy, position, node, route);
                }
                case UnitAnswer.Declined declined -> {
                    route.waitFor(declined.gates());
                    var stop = new Route.Stop(position, policy.unit(position), applicant, declined);
                    var staying = staying(stop, policy, route);
                    if (staying != null) {
                        return staying;
                    }
                }
            }
        }
        return afterAllUnits(subject, policy, route, now);
    }

    /** What the pod does where it stays with a unit that did not take it; null where it goes on to the next one. */
    private @Nullable Walk staying(Route.Stop stop, Policy policy, Route route) {
        return switch (stop.answer()) {
            case UnitAnswer.NotYet notYet -> route.stay(stop, true);
            case UnitAnswer.Barred barred -> {
                route.pass(stop);
                yield null;
            }
            case UnitAnswer.AtCap atCap -> makingRoomOrHeld(stop, policy, route);
            case UnitAnswer.NoRoom noRoom -> makingRoomOrHeld(stop, policy, route);
        };
    }

    private @Nullable Walk makingRoomOrHeld(Route.Stop stop, Policy policy, Route route) {
        if (policy.preemption() != Policy.Preemption.BEFORE_NEXT_UNIT
                || stop.unit().resource().isRegional()) {
            return held(stop, policy, route);
        }
        var underWay = nodes.roomBeingMade(stop.applicant(), NodeCheck.nodesOf(stop.unit()));
        if (underWay != null) {
            return route.stay(stop.and(underWay), false); // rather than the next unit (E50)
        }
        var making = makeRoom(stop);
        var tried = stop.and(making.reasons());
        return making.room() == null
                ? held(tried, policy, route)
                : new Walk.MakeRoom(making.room(), route.stay(tried, false));
    }

    /** Whether the policy holds the pod back from the next unit; starts the unit's clock where it has one. */
    private @Nullable Walk held(Route.Stop stop, Policy policy, Route route) {
        var leaving = policy.leaving();
        var now = stop.applicant().now();
        var since = Hold.hasClock(leaving, stop.unit()) ? route.since(stop) : now;
        int terminating = counts.terminating(policy.key(), stop.position());
        boolean atCap = stop.answer() instanceof UnitAnswer.AtCap;
        var hold = Hold.of(leaving, stop.unit(), atCap, terminating, since, now);
        var why = hold.reason();
        if (why == null) {
            route.pass(stop);
            return null;
        }
        if (hold instanceof Hold.ForTerminating) {
            route.waitFor(new Gate.UnitGate(policy.key(), stop.position()));
        }
        return route.stay(stop.and(why), false);
    }

    /** Nodes of no unit come last, with {@code prefer} only; then pods of lower priority may have to go. */
    private Walk afterAllUnits(Subject subject, Policy policy, Route route, Instant now) {
        if (policy.strategy() == Policy.Strategy.PREFER) {
            switch (nodes.answer(Applicant.toNodes(subject, now), node -> isOutside(node, policy))) {
                case UnitAnswer.OnNode(NodeName node) -> {
                    var annotations = PodMarks.annotationsOutside(policy);
                    var outside = new UnitKey(policy.key(), 0);
                    return new Walk.Bind(outside, node, Labels.empty(), annotations, route.explanation());
                }
                case UnitAnswer.Declined declined -> route.waitFor(declined.gates());
            }
        }
        if (policy.preemption() == Policy.Preemption.AFTER_ALL_UNITS) {
            for (var stop : route.passed()) {
                var making = makeRoom(stop);
                route.tried(stop.and(making.reasons()));
                if (making.room() != null) {
                    return new Walk.MakeRoom(making.room(), route.stay());
                }
            }
        }
        return route.stay();
    }

    private static boolean isOutside(Node node, Policy policy) {
        return policy.units().stream()
                .noneMatch(unit ->
                        !unit.resource().isRegional() && NodeCheck.nodesOf(unit).test(node));
    }

    /** Where pods of lower priority could leave the unit for the pod: never in a region, never beyond a cap. */
    private NodeCheck.Making makeRoom(Route.Stop stop) {
        boolean isWorthwhile = stop.answer() instanceof UnitAnswer.NoRoom
                && !stop.unit().resource().isRegional();
        return isWorthwhile
                ? nodes.makeRoom(stop.applicant(), NodeCheck.nodesOf(stop.unit()))
                : NodeCheck.Making.NOTHING;
    }

    private static Walk.Ask ask(Applicant applicant, Policy policy, int position, Offer offer, Route route) {
        return new Walk.Ask(
                policy.key(),
                policy.generation(),
                position,
                offer,
                applicant.demand().labels(),
                applicant.subject().profile().annotations().with(PodMarks.annotations(policy, position)),
                route.explanation());
    }

    private static Walk.Bind bind(Applicant applicant, Policy policy, int position, NodeName node, Route route) {
        return new Walk.Bind(
                new UnitKey(policy.key(), position),
                node,
                applicant.demand().labels(),
                PodMarks.annotations(policy, position),
                route.explanation());
    }
}
