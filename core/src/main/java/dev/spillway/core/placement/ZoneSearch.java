package dev.spillway.core.placement;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.stock.Standing;
import dev.spillway.core.stock.StockPicture;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a zone that a pod may be asked for in: "which zone of a unit" is decided here. Zones are tried proven before never
 * asked, then by zone name; while one has answers in flight the unit is busy, for the order of units is a hard rule.
 */
final class ZoneSearch {
    private final RegionDirectory regions;
    private final StockPicture stock;
    private final Walker.Facts facts;

    ZoneSearch(RegionDirectory regions, StockPicture stock, Walker.Facts facts) {
        this.regions = regions;
        this.stock = stock;
        this.facts = facts;
    }

    void tryZones(UnitTrial trial, Labels selector, String region, boolean constrained) {
        var entry = region.isEmpty() ? null : regions.get(new RegionId(region));
        if (entry != null && !entry.isAccepted()) {
            trial.no(new Reason.RegionNotAccepted(entry.region().id(), entry.problem()));
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
            if (constrained && !trial.subject.pod().spec().selects(zone.node(), zone.labels())) {
                excluded = true;
                continue;
            }
            any = true;
            tryZone(trial, zone, true);
        }
        if (!any) {
            trial.no(excluded ? new Reason.PodExcludes() : new Reason.NoZone());
        }
    }

    void tryZone(UnitTrial trial, RegionDirectory.Zone zone, boolean checkNode) {
        var reason = declared(trial, zone, checkNode);
        if (reason instanceof Reason.NotOpened) {
            trial.notYet(reason, facts.isSettlingIn());
            return;
        }
        if (reason != null) {
            trial.no(reason);
            return;
        }
        var offer = trial.demand.offer(zone.region(), zone.zone());
        var invalid = trial.subject.refusals().get(zone.region());
        if (invalid != null && trial.now.isBefore(invalid.nextTry())) {
            trial.no(invalid);
            return;
        }
        switch (stock.standing(offer, trial.now)) {
            case Standing.Ask(boolean proven) -> {
                if (trial.best == null || (proven && !trial.bestIsProven)) {
                    trial.best = offer;
                    trial.bestIsProven = proven;
                }
            }
            case Standing.Busy() -> {
                trial.busy = true;
                trial.gates.add(new Gate.OfferGate(offer));
                trial.no(new Reason.Busy(zone.zone(), offer.product()));
            }
            case Standing.Closed closed -> {
                trial.gates.add(new Gate.OfferGate(offer));
                trial.no(new Reason.Closed(
                        zone.zone(), zone.region(), offer.product(), closed.why(), closed.until(), closed.message()));
            }
            case Standing.Probing probing -> {
                trial.gates.add(new Gate.OfferGate(offer));
                trial.no(new Reason.Closed(
                        zone.zone(), zone.region(), offer.product(), probing.why(), null, probing.message()));
            }
        }
    }

    /** What the declared objects say against the zone, null where nothing. */
    private @Nullable Reason declared(UnitTrial trial, RegionDirectory.Zone zone, boolean checkNode) {
        var region = regions.accepted(zone.region());
        if (region == null) {
            return new Reason.NoZone();
        }
        var pod = trial.subject.pod();
        if (region.lost()) {
            return new Reason.RegionLost(region.id());
        }
        if (!region.allows(pod.key().namespace())) {
            return new Reason.NotAllowed(region.id(), pod.key().namespace());
        }
        if (!facts.isOpen(region.id())) {
            return new Reason.NotOpened(region.id());
        }
        var offer = trial.demand.offer(zone.region(), zone.zone());
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
