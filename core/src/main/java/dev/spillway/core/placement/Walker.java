package dev.spillway.core.placement;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.Node;
import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.engine.PlantedBug;
import dev.spillway.core.engine.Settings;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.region.Offer;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.stock.Standing;
import dev.spillway.core.stock.StockPicture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks a pod over its units and says which region wins, or why none does: the place where "which region wins" and "when is
 * a unit skipped" are decided (design section 3, items 4 to 6). Reads the facts, changes none.
 *
 * <p>A unit's zones are tried proven before never asked, then by zone name. The unit is passed over only when each of its zones
 * said no; while one has answers in flight the pod stays, for the order of units is a hard rule.
 */
public final class Walker {
    private final Settings settings;
    private final RegionDirectory regions;
    private final StockPicture stock;
    private final UnitCounts counts;
    private final Facts facts;

    /** What the walk needs to know beyond regions, stock and counts. */
    public interface Facts {
        /** A node, null where it does not exist. */
        @Nullable
        Node node(NodeName name);

        /** Whether the region's backend is open. */
        boolean isOpen(RegionId region);

        /** Regions that older pods still have to wait for after a start; empty once it is over. */
        List<RegionId> notListedYet();

        /** Whether capped units may be used. */
        boolean capsAreOpen();

        /** Whether the process is so young that what it does not know yet is worth waiting for. */
        boolean isSettlingIn();
    }

    /** A pod with what is remembered about it. */
    public record Subject(
            Pod pod, Authority authority, boolean olderThanStart, Map<RegionId, Reason.RequestInvalid> refusals) {}

    /** A walker over these facts. */
    public Walker(Settings settings, RegionDirectory regions, StockPicture stock, UnitCounts counts, Facts facts) {
        this.settings = settings;
        this.regions = regions;
        this.stock = stock;
        this.counts = counts;
        this.facts = facts;
    }

    /** Walks a waiting pod over its units. */
    public Walk walk(Subject subject, Instant now) {
        var pod = subject.pod();
        var early = switch (subject.authority()) {
            case Authority.NotOurs() -> new Walk.Ignore();
            case Authority.Ordinary() -> stay(new Reason.RealNodes());
            case Authority.Refused(Reason reason) -> stay(reason);
            case Authority.ByPolicy by -> null;
            case Authority.Eci eci -> null;
            case Authority.Pinned pinned -> null;
        };
        if (early != null) {
            return early;
        }
        if (subject.olderThanStart() && !facts.notListedYet().isEmpty()) {
            return stay(new Reason.TakingOver(facts.notListedYet()));
        }
        if (subject.authority() instanceof Authority.ByPolicy(Policy policy)) {
            return walkUnits(subject, policy, now);
        }
        return walkPinned(subject, pod, now);
    }

    /** Looks at the one zone of a pod that somebody else bound to its node (design section 3, item 15). */
    public Walk walkBound(Subject subject, RegionDirectory.Zone zone, Instant now) {
        var demand = Demand.of(subject.pod());
        var trial = new Trial(subject, 0, "", demand, now);
        var blocked = blocker(subject.pod(), demand);
        if (blocked != null) {
            return stay(blocked);
        }
        if (subject.olderThanStart() && !facts.notListedYet().isEmpty()) {
            return stay(new Reason.TakingOver(facts.notListedYet()));
        }
        trial.tryZone(zone, false);
        return trial.best == null
                ? trial.stay(new ArrayList<>())
                : new Walk.Ask(
                        null,
                        0,
                        0,
                        trial.best,
                        zone.node(),
                        Labels.empty(),
                        Labels.empty(),
                        new Explanation(List.of()));
    }

    /** Labels that a binding by this unit writes onto the pod. */
    public static Labels labelsOf(Pod pod, Unit unit) {
        return Demand.of(pod, unit).labels();
    }

    /** Annotations that a binding by this unit of the policy writes onto the pod, but for what only the instance tells. */
    public static Labels annotationsOf(Policy policy, int position) {
        var unit = policy.units().get(position - 1);
        return unit.podAnnotations()
                .with(rank(policy.key().name(), policy.generation(), position, DeletionCost.of(unit, position)));
    }

    /** The annotations that keep a pod's rank. */
    public static Labels rank(String policy, long generation, int position, int cost) {
        return Labels.of(
                Names.DELETION_COST, Integer.toString(cost),
                Names.POLICY, policy,
                Names.POLICY_GENERATION, Long.toString(generation),
                Names.UNIT, Integer.toString(position));
    }

    private Walk walkUnits(Subject subject, Policy policy, Instant now) {
        var passed = new ArrayList<Explanation.UnitLine>();
        List<Gate> gates = List.of();
        for (int i = 0; i < policy.units().size(); i++) {
            var unit = policy.units().get(i);
            int position = i + 1;
            var demand = Demand.of(subject.pod(), unit);
            var trial = new Trial(subject, position, title(unit, demand), demand, now);
            tryUnit(trial, policy, unit, position);
            if (trial.best != null) {
                return new Walk.Ask(
                        policy.key(),
                        policy.generation(),
                        position,
                        trial.best,
                        Names.nodeOf(trial.best.zone().value()),
                        demand.labels(),
                        annotationsOf(policy, position),
                        new Explanation(passed));
            }
            trial.gates.addAll(gates);
            if (trial.busy) {
                passed.add(trial.line());
                for (int later = i + 1; later < policy.units().size(); later++) {
                    passed.add(notReached(subject, policy.units().get(later), later + 1));
                }
                return new Walk.Stay(new Explanation(passed), trial.gates, true);
            }
            gates = trial.gates;
            passed.add(trial.line());
        }
        return new Walk.Stay(new Explanation(passed), gates, false);
    }

    private static Explanation.UnitLine notReached(Subject subject, Unit unit, int position) {
        var title = title(unit, Demand.of(subject.pod(), unit));
        return new Explanation.UnitLine(position, title, List.of(new Reason.NotReached()));
    }

    private void tryUnit(Trial trial, Policy policy, Unit unit, int position) {
        if (!unit.resource().isRegional()) {
            trial.no(new Reason.RealNodes());
            return;
        }
        var blocked = blocker(trial.subject.pod(), trial.demand);
        if (blocked != null) {
            trial.no(blocked);
            return;
        }
        var max = unit.max();
        if (max != null) {
            if (!facts.capsAreOpen()) {
                trial.notYet(new Reason.CapClosed());
                return;
            }
            int count = counts.count(policy.key(), position);
            int slack = settings.plantedBugs().contains(PlantedBug.CAP_OFF_BY_ONE) ? 1 : 0;
            if (count >= max + slack) {
                trial.gates.add(new Gate.CapGate(policy.key(), position));
                trial.no(new Reason.CapReached(count, max));
                return;
            }
        }
        var named = trial.demand.region();
        if (!named.isEmpty() && regions.get(new RegionId(named)) == null) {
            trial.no(new Reason.UnknownRegion(named, regions.ids()));
            return;
        }
        trial.tryZones(unit.nodeSelector(), named, true);
    }

    private Walk walkPinned(Subject subject, Pod pod, Instant now) {
        var demand = Demand.of(pod);
        var trial = new Trial(subject, 0, "", demand, now);
        var blocked = blocker(pod, demand);
        if (blocked != null) {
            return stay(blocked);
        }
        var region = demand.region();
        if (region.isEmpty()) {
            var byDefault = regions.defaultRegion();
            if (byDefault == null) {
                return stay(new Reason.NoDefaultRegion());
            }
            region = byDefault.id().value();
        } else if (regions.get(new RegionId(region)) == null) {
            return stay(new Reason.UnknownRegion(region, regions.ids()));
        }
        boolean constrained = !(subject.authority() instanceof Authority.Eci);
        trial.tryZones(Labels.empty(), region, constrained);
        return trial.best == null
                ? trial.stay(new ArrayList<>())
                : new Walk.Ask(
                        null,
                        0,
                        0,
                        trial.best,
                        Names.nodeOf(trial.best.zone().value()),
                        Labels.empty(),
                        Labels.empty(),
                        new Explanation(List.of()));
    }

    private static @Nullable Reason blocker(Pod pod, Demand demand) {
        if (!pod.spec().regionBlockers().isEmpty()) {
            return new Reason.CannotRun(String.join(", ", pod.spec().regionBlockers()));
        }
        if (pod.ownedByDaemonSet()) {
            return new Reason.CannotRun("a DaemonSet");
        }
        return demand.problem();
    }

    private static String title(Unit unit, Demand demand) {
        var region = unit.nodeSelector().getOr(Names.REGION, demand.region());
        var product = new Offer(
                        new RegionId(region),
                        new dev.spillway.core.region.ZoneId(""),
                        demand.computeClass(),
                        demand.computeQos(),
                        demand.gpuModel(),
                        demand.spot())
                .product();
        return unit.resource().isRegional()
                ? unit.resource().text() + (region.isEmpty() ? "" : " " + region) + " " + product
                : unit.resource().text();
    }

    private static Walk.Stay stay(Reason reason) {
        return new Walk.Stay(Explanation.of(reason), List.of(), false);
    }

    /** One unit being tried: its zones' answers so far. */
    private final class Trial {
        private final Subject subject;
        private final int position;
        private final String title;
        private final Demand demand;
        private final Instant now;
        private final List<Reason> reasons = new ArrayList<>();
        private final List<Gate> gates = new ArrayList<>();
        private @Nullable Offer best;
        private boolean bestIsProven;
        private boolean busy;

        Trial(Subject subject, int position, String title, Demand demand, Instant now) {
            this.subject = subject;
            this.position = position;
            this.title = title;
            this.demand = demand;
            this.now = now;
        }

        void no(Reason reason) {
            reasons.add(reason);
        }

        /** No, because the process has just started: for a while that is waited out, or each start would spill (decision 0004). */
        void notYet(Reason reason) {
            no(reason);
            busy |= facts.isSettlingIn();
        }

        Explanation.UnitLine line() {
            return new Explanation.UnitLine(position, title, reasons);
        }

        Walk.Stay stay(List<Explanation.UnitLine> before) {
            before.add(line());
            return new Walk.Stay(new Explanation(before), gates, busy);
        }

        void tryZones(Labels selector, String region, boolean constrained) {
            var entry = region.isEmpty() ? null : regions.get(new RegionId(region));
            if (entry != null && !entry.isAccepted()) {
                no(new Reason.RegionNotAccepted(entry.region().id(), entry.problem()));
                return;
            }
            boolean excluded = false;
            boolean any = false;
            var within = region.isEmpty() ? selector.getOr(Names.REGION, "") : region;
            var candidates = within.isEmpty() ? regions.zones() : regions.zonesOf(new RegionId(within));
            for (var zone : candidates) {
                if (!zone.labels().containsAll(selector)) {
                    continue;
                }
                if (constrained && !subject.pod().spec().selects(zone.node(), zone.labels())) {
                    excluded = true;
                    continue;
                }
                any = true;
                tryZone(zone, true);
            }
            if (!any) {
                no(excluded ? new Reason.PodExcludes() : new Reason.NoZone());
            }
        }

        void tryZone(RegionDirectory.Zone zone, boolean checkNode) {
            var reason = declared(zone, checkNode);
            if (reason instanceof Reason.NotOpened) {
                notYet(reason);
                return;
            }
            if (reason != null) {
                no(reason);
                return;
            }
            var offer = demand.offer(zone.region(), zone.zone());
            var invalid = subject.refusals().get(zone.region());
            if (invalid != null && now.isBefore(invalid.nextTry())) {
                no(invalid);
                return;
            }
            switch (stock.standing(offer, now)) {
                case Standing.Ask(boolean proven) -> {
                    if (best == null || (proven && !bestIsProven)) {
                        best = offer;
                        bestIsProven = proven;
                    }
                }
                case Standing.Busy() -> {
                    busy = true;
                    gates.add(new Gate.OfferGate(offer));
                    no(new Reason.Busy(zone.zone(), offer.product()));
                }
                case Standing.Closed closed -> {
                    gates.add(new Gate.OfferGate(offer));
                    no(new Reason.Closed(
                            zone.zone(),
                            zone.region(),
                            offer.product(),
                            closed.why(),
                            closed.until(),
                            closed.message()));
                }
                case Standing.Probing probing -> {
                    gates.add(new Gate.OfferGate(offer));
                    no(new Reason.Closed(
                            zone.zone(), zone.region(), offer.product(), probing.why(), null, probing.message()));
                }
            }
        }

        /** What the declared objects say against the zone, null where nothing. */
        private @Nullable Reason declared(RegionDirectory.Zone zone, boolean checkNode) {
            var region = regions.accepted(zone.region());
            if (region == null) {
                return new Reason.NoZone();
            }
            var pod = subject.pod();
            if (region.lost()) {
                return new Reason.RegionLost(region.id());
            }
            if (!region.allows(pod.key().namespace())) {
                return new Reason.NotAllowed(region.id(), pod.key().namespace());
            }
            if (!facts.isOpen(region.id())) {
                return new Reason.NotOpened(region.id());
            }
            var offer = demand.offer(zone.region(), zone.zone());
            if (!region.sells(offer)) {
                return new Reason.NotDeclared(zone.zone(), offer.product());
            }
            return checkNode ? unfit(zone.node(), pod) : null;
        }

        private @Nullable Reason unfit(NodeName name, Pod pod) {
            var node = facts.node(name);
            if (node == null) {
                return new Reason.NodeUnfit(name, "does not exist yet");
            }
            if (node.unschedulable()) {
                return new Reason.NodeUnfit(name, "is cordoned");
            }
            for (var taint : node.taints()) {
                boolean tolerated = taint.equals(Names.PROVIDER_TAINT)
                        || pod.spec().tolerations().stream().anyMatch(t -> t.tolerates(taint));
                if (taint.isHard() && !tolerated) {
                    return new Reason.NodeUnfit(name, "has the taint " + taint);
                }
            }
            return null;
        }
    }
}
