package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Walks a pod over its units and says which one wins, or why none does. Reads the facts, changes none.
 *
 * <p>The order of units is a hard rule: a later one is looked at only when {@link Hold} lets the pod leave the ones before.
 * Inside a unit, {@link CapCheck} says whether there is a slot, {@link ZoneSearch} which zone of a region is asked, {@link
 * NodeSearch} which real node takes the pod.
 */
public final class Walker {
    private final RegionDirectory regions;
    private final UnitCounts counts;
    private final NodeSearch nodes;
    private final Facts facts;
    private final ZoneSearch zones;
    private final CapCheck caps;
    private final StartBarrier start;
    private final SelectorCheck selectors;

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

        /** Whether the policy was declared so short a time ago that what it names may still be on its way. */
        boolean isNew(PolicyKey policy);
    }

    /**
     * A pod with what is remembered about it.
     *
     * @param profile what the profile of region pods adds to the pod, without the keys that it has
     * @param refusals what regions said against this pod's request itself
     * @param waitingSince when each unit that has a clock for it first did not take it, by position
     * @param roomBeingMade the node that pods of lower priority are leaving for it, and who is still there; null where none is
     * @param refusedRooms nodes where the API server refused to let somebody go for it
     */
    public record Subject(
            Pod pod,
            Authority authority,
            Additions profile,
            boolean olderThanStart,
            Map<RegionId, RegionReason.RequestInvalid> refusals,
            SortedMap<Integer, Instant> waitingSince,
            NodeSearch.@Nullable Room roomBeingMade,
            SortedMap<NodeName, NodeReason.EvictionRefused> refusedRooms) {}

    /** A walker over these facts. */
    public Walker(RegionDirectory regions, StockPicture stock, UnitCounts counts, NodeSearch nodes, Facts facts) {
        this.regions = regions;
        this.counts = counts;
        this.nodes = nodes;
        this.facts = facts;
        this.zones = new ZoneSearch(regions, stock, nodes, facts);
        this.caps = new CapCheck(counts, facts);
        this.selectors = new SelectorCheck(facts);
        this.start = new StartBarrier(facts);
    }

    /** Walks a waiting pod over its units. */
    public Walk walk(Subject subject, Instant now) {
        switch (subject.authority()) {
            case Authority.NotOurs() -> {
                return new Walk.Ignore();
            }
            case Authority.Refused(Reason reason) -> {
                return stay(reason);
            }
            default -> {}
        }
        var silent = start.mustBeHeardFirst(subject);
        if (!silent.isEmpty()) {
            return stay(new RegionReason.TakingOver(silent));
        }
        return switch (subject.authority()) {
            case Authority.ByPolicy(Policy policy) -> walkUnits(subject, policy, now);
            case Authority.Ordinary() -> walkNodes(subject, now);
            default -> walkPinned(subject, now);
        };
    }

    /** Looks at the one zone of a pod that somebody else bound to its node. */
    public Walk walkBound(Subject subject, RegionDirectory.Zone zone, Instant now) {
        var demand = Demand.of(subject.pod(), subject.profile());
        var blocked = blocker(subject.pod(), demand);
        if (blocked != null) {
            return stay(blocked);
        }
        var silent = start.silent(subject);
        if (!silent.isEmpty()) {
            return stay(new RegionReason.TakingOver(silent));
        }
        var trial = new UnitTrial(subject, 0, "", demand, now);
        zones.tryZone(trial, zone, null); // it is there already
        return outcome(trial, zone.node());
    }

    /** Labels that a binding by this unit writes onto the pod. */
    public static Labels labelsOf(Pod pod, Unit unit, Additions profile) {
        return Demand.of(pod, unit, profile).labels();
    }

    /** Annotations that a binding by this unit of the policy writes onto the pod, but for what only the instance tells. */
    public static Labels annotationsOf(Policy policy, int position) {
        var unit = policy.units().get(position - 1);
        return unit.podAnnotations().with(rank(policy, position, DeletionCost.of(unit, position)));
    }

    private static Labels rank(Policy policy, int position, int cost) {
        return rank(policy.key().name(), policy.uid(), policy.generation(), position, cost);
    }

    /** The annotations that keep a pod's rank; an empty UID is that of no policy there is. */
    public static Labels rank(String policy, String uid, long generation, int position, int cost) {
        return Labels.of(
                Names.DELETION_COST, Integer.toString(cost),
                Names.POLICY, policy,
                Names.POLICY_UID, uid,
                Names.POLICY_GENERATION, Long.toString(generation),
                Names.UNIT, Integer.toString(position));
    }

    /** What a pod is told while the region that it was asked for in takes its time; {@code policy}: as it is now, null where none speaks. */
    public static Explanation asking(Walk.Ask ask, Instant since, Pod pod, @Nullable Policy policy, Additions profile) {
        var offer = ask.offer();
        var reason = new RegionReason.Asked(offer.region(), offer.zone(), offer.product(), since);
        if (policy == null || ask.unit() < 1 || ask.unit() > policy.units().size()) {
            return Explanation.of(reason);
        }
        var lines = new ArrayList<>(ask.passed().lines());
        for (int position = ask.unit(); position <= policy.units().size(); position++) {
            var unit = policy.units().get(position - 1);
            var answer = position == ask.unit() ? reason : new PolicyReason.NotReached();
            lines.add(new Explanation.UnitLine(position, title(unit, Demand.of(pod, unit, profile)), List.of(answer)));
        }
        return new Explanation(lines);
    }

    private Walk walkUnits(Subject subject, Policy policy, Instant now) {
        var missing = policy.counting().missingKey(subject.pod().labels());
        if (missing != null) {
            return stay(new PolicyReason.GroupKeyMissing(policy.key(), missing));
        }
        var route = new Route(policy, subject.waitingSince());
        for (int position = 1; position <= policy.units().size(); position++) {
            var unit = policy.units().get(position - 1);
            var demand = Demand.of(subject.pod(), unit, subject.profile());
            var trial = new UnitTrial(subject, position, title(unit, demand), demand, now);
            tryUnit(trial, policy, unit);
            if (trial.takesPod()) {
                return taken(trial, policy, route);
            }
            route.gates.addAll(trial.gates);
            if (trial.busy) {
                return route.stay(trial, true);
            }
            if (trial.barred) {
                route.passed.add(trial);
                continue;
            }
            if (policy.preemption() == Policy.Preemption.BEFORE_NEXT_UNIT) {
                if (isRoomBeingMade(trial, unit)) {
                    return route.stay(trial, false);
                }
                var room = room(trial, unit);
                if (room != null) {
                    return new Walk.MakeRoom(room, route.stay(trial, false));
                }
            }
            var hold = hold(trial, policy, unit, route);
            if (!(hold instanceof Hold.No)) {
                return route.stay(trial, false);
            }
            route.passed.add(trial);
        }
        return afterAllUnits(subject, policy, route);
    }

    /** Nodes of no unit come last, with {@code prefer} only; then pods of lower priority may have to go. */
    private Walk afterAllUnits(Subject subject, Policy policy, Route route) {
        if (policy.strategy() == Policy.Strategy.PREFER) {
            var landing = Landing.of(subject, Labels.empty(), nodes);
            switch (nodes.find(landing, node -> isOutside(node, policy))) {
                case NodeSearch.Found.On(NodeName node) -> {
                    var rank = rank(policy, 0, DeletionCost.OUTSIDE);
                    var place = new UnitKey(policy.key(), 0);
                    return new Walk.Bind(place, node, Labels.empty(), rank, route.explanation());
                }
                case NodeSearch.Found.Nowhere nowhere -> {
                    route.gates.add(new Gate.NodesGate());
                    if (nowhere.pods()) {
                        route.gates.add(Gate.PodsGate.of(landing));
                    }
                }
            }
        }
        if (policy.preemption() == Policy.Preemption.AFTER_ALL_UNITS) {
            for (var trial : route.passed) {
                var room = room(trial, policy.units().get(trial.position - 1));
                if (room != null) {
                    return new Walk.MakeRoom(room, route.stay());
                }
            }
        }
        return route.stay();
    }

    private static boolean isOutside(Node node, Policy policy) {
        return policy.units().stream()
                .noneMatch(
                        unit -> !unit.resource().isRegional() && node.labels().containsAll(unit.nodeSelector()));
    }

    private Walk taken(UnitTrial trial, Policy policy, Route route) {
        var annotations = annotationsOf(policy, trial.position);
        var labels = trial.demand.labels();
        if (trial.node != null) {
            var place = new UnitKey(policy.key(), trial.position);
            return new Walk.Bind(place, trial.node, labels, annotations, route.explanation());
        }
        var offer = bestOf(trial);
        return new Walk.Ask(
                policy.key(),
                policy.generation(),
                trial.position,
                offer,
                Names.nodeOf(offer.zone().value()),
                labels,
                trial.subject.profile().annotations().with(annotations),
                route.explanation());
    }

    private static Offer bestOf(UnitTrial trial) {
        if (trial.best == null) {
            throw new IllegalStateException("The walk of pod %s ended without an offer."
                    .formatted(trial.subject.pod().key()));
        }
        return trial.best;
    }

    private void tryUnit(UnitTrial trial, Policy policy, Unit unit) {
        if (!selectors.admits(trial)) {
            return;
        }
        if (unit.resource().isRegional()) {
            var blocked = blocker(trial.subject.pod(), trial.demand);
            if (blocked != null) {
                trial.barred = true; // waiting there would be for ever
                trial.no(blocked);
                return;
            }
            var silent = start.silent(trial.subject);
            if (!silent.isEmpty()) {
                trial.notYet(new RegionReason.TakingOver(silent), true);
                return;
            }
        }
        if (!caps.admits(trial, policy, unit)) {
            return;
        }
        if (unit.resource().isRegional()) {
            tryRegions(trial, policy, unit);
        } else {
            tryNodes(trial, unit);
        }
    }

    private void tryRegions(UnitTrial trial, Policy policy, Unit unit) {
        var named = trial.demand.region();
        if (!named.isEmpty() && regions.get(new RegionId(named)) == null) {
            trial.notYet(new RegionReason.UnknownRegion(named, regions.ids()), facts.isNew(policy.key()));
            return;
        }
        zones.tryZones(trial, unit.nodeSelector(), named);
    }

    private void tryNodes(UnitTrial trial, Unit unit) {
        switch (nodes.find(trial.landing(nodes), node -> node.labels().containsAll(unit.nodeSelector()))) {
            case NodeSearch.Found.On(NodeName node) -> trial.node = node;
            case NodeSearch.Found.Nowhere nowhere -> trial.nowhere(nowhere, nodes);
        }
    }

    /** Whether the pod stays with a unit that did not take it; says so on the trial, and starts the unit's clock where it has one. */
    private Hold hold(UnitTrial trial, Policy policy, Unit unit, Route route) {
        var leaving = policy.leaving();
        var since = trial.now;
        if (Hold.hasClock(leaving, unit)) {
            since = route.waitingSince.computeIfAbsent(trial.position, p -> trial.now);
        }
        int terminating = counts.terminating(policy.key(), trial.position);
        var hold = Hold.of(leaving, unit, trial.atCap, terminating, since, trial.now);
        switch (hold) {
            case Hold.No() -> {}
            case Hold.Until(Instant end) -> trial.no(new PolicyReason.WaitsUntil(end));
            case Hold.ForRoom() -> trial.no(new PolicyReason.WaitsForRoom());
            case Hold.ForTerminating(int pods) -> {
                trial.no(new PolicyReason.WaitsForTerminating(pods));
                route.gates.add(new Gate.UnitGate(policy.key(), trial.position));
            }
        }
        return hold;
    }

    /** Whether pods are just leaving a node of this unit for the pod: then it waits for them instead of using the next unit (E50). */
    private boolean isRoomBeingMade(UnitTrial trial, Unit unit) {
        var room = trial.subject.roomBeingMade();
        var node = room == null ? null : facts.node(room.node());
        if (room == null
                || node == null
                || unit.resource().isRegional()
                || !node.labels().containsAll(unit.nodeSelector())) {
            return false;
        }
        trial.no(new NodeReason.MakingRoom(room.node(), room.victims().size()));
        return true;
    }

    /** The node of a unit that is worth evicting pods from, null where none is; never in a region, never beyond a cap. */
    private NodeSearch.@Nullable Room room(UnitTrial trial, Unit unit) {
        if (unit.resource().isRegional() || trial.atCap || trial.barred || trial.subject.roomBeingMade() != null) {
            return null;
        }
        return makeRoom(trial, node -> node.labels().containsAll(unit.nodeSelector()));
    }

    private NodeSearch.@Nullable Room makeRoom(UnitTrial trial, Predicate<Node> within) {
        if (!start.silent(trial.subject).isEmpty()) {
            return null; // it may have an instance already
        }
        var refused = new TreeSet<NodeName>();
        for (var reason : trial.subject.refusedRooms().values()) {
            var node = facts.node(reason.node());
            if (node != null && within.test(node) && trial.now.isBefore(reason.nextTry())) {
                refused.add(node.name());
                trial.no(reason);
            }
        }
        var room = nodes.makeRoom(trial.landing(nodes), node -> within.test(node) && !refused.contains(node.name()));
        if (room != null) {
            trial.no(new NodeReason.MakingRoom(room.node(), room.victims().size()));
        }
        return room;
    }

    private Walk walkNodes(Subject subject, Instant now) {
        var trial = new UnitTrial(subject, 0, "", Demand.of(subject.pod(), Additions.NONE), now);
        switch (nodes.find(subject.pod(), node -> true)) {
            case NodeSearch.Found.On(NodeName node) -> {
                return new Walk.Bind(null, node, Labels.empty(), Labels.empty(), new Explanation(List.of()));
            }
            case NodeSearch.Found.Nowhere nowhere -> {
                var namespace = subject.pod().key().namespace();
                trial.no(new PolicyReason.NotSelected(namespace, facts.policiesOf(namespace)));
                trial.nowhere(nowhere, nodes);
            }
        }
        var room = subject.roomBeingMade() != null ? null : makeRoom(trial, node -> true);
        return room == null ? stay(trial) : new Walk.MakeRoom(room, stay(trial));
    }

    private Walk walkPinned(Subject subject, Instant now) {
        var pod = subject.pod();
        var demand = Demand.of(pod, subject.profile());
        var blocked = blocker(pod, demand);
        if (blocked != null) {
            return stay(blocked);
        }
        var silent = start.silent(subject);
        if (!silent.isEmpty()) {
            return stay(new RegionReason.TakingOver(silent));
        }
        var region = demand.region();
        if (region.isEmpty()) {
            var byDefault = regions.defaultRegion();
            if (byDefault == null) {
                return stay(new RegionReason.NoDefaultRegion());
            }
            region = byDefault.id().value();
        } else if (regions.get(new RegionId(region)) == null) {
            return stay(new RegionReason.UnknownRegion(region, regions.ids()));
        }
        var trial = new UnitTrial(subject, 0, "", demand, now);
        if (!selectors.admits(trial)) { // the profile's labels come with the binding too
            return stay(trial);
        }
        zones.tryZones(trial, Labels.empty(), region);
        return outcome(trial, null);
    }

    /** Ask for what the trial of a pod without units found, or wait. */
    private static Walk outcome(UnitTrial trial, @Nullable NodeName node) {
        var best = trial.best;
        return best == null
                ? stay(trial)
                : new Walk.Ask(
                        null,
                        0,
                        0,
                        best,
                        node == null ? Names.nodeOf(best.zone().value()) : node,
                        trial.demand.labels(),
                        trial.subject.profile().annotations(),
                        new Explanation(List.of()));
    }

    private static @Nullable Reason blocker(Pod pod, Demand demand) {
        if (!pod.spec().regionBlockers().isEmpty()) {
            return new PodReason.CannotRun(String.join(", ", pod.spec().regionBlockers()));
        }
        if (pod.ownedByDaemonSet()) {
            return new PodReason.CannotRun("a DaemonSet");
        }
        return demand.problem(pod);
    }

    static String title(Unit unit, Demand demand) {
        var region = unit.nodeSelector().getOr(Names.REGION, demand.region());
        var product = new Offer(
                        new RegionId(region),
                        new ZoneId(""),
                        demand.computeClass(),
                        demand.computeQos(),
                        demand.gpuModel(),
                        demand.spot())
                .product();
        return unit.resource().isRegional()
                ? unit.resource().text() + (region.isEmpty() ? "" : " " + region) + " " + product
                : unit.resource().text();
    }

    private static Walk.Stay stay(UnitTrial trial) {
        return new Walk.Stay(
                new Explanation(List.of(trial.line())), trial.gates, trial.busy, Collections.emptySortedMap());
    }

    private static Walk.Stay stay(Reason reason) {
        return new Walk.Stay(Explanation.of(reason), List.of(), false, Collections.emptySortedMap());
    }
}
