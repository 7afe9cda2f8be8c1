package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.stock.Availability;
import dev.spillway.core.stock.StockPicture;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a zone that a pod may be asked for in: "which zone of a unit" is decided here (R6.1). Zones are tried proven before never
 * asked, then by zone name; while one has answers in flight the unit is busy, for the order of units is a hard rule. A zone whose
 * virtual node does not take the pod is not asked: {@link NodeSearch} says so, by the constraints that hold for real nodes.
 */
final class ZoneSearch {
    private final RegionDirectory regions;
    private final StockPicture stock;
    private final NodeSearch nodes;
    private final Walker.Facts facts;

    ZoneSearch(RegionDirectory regions, StockPicture stock, NodeSearch nodes, Walker.Facts facts) {
        this.regions = regions;
        this.stock = stock;
        this.nodes = nodes;
        this.facts = facts;
    }

    void tryZones(UnitTrial trial, Labels selector, String region) {
        var entry = region.isEmpty() ? null : regions.get(new RegionId(region));
        if (entry != null && !entry.isAccepted()) {
            trial.no(new RegionReason.RegionNotAccepted(entry.region().id(), entry.problem()));
            return;
        }
        boolean excluded = false;
        boolean any = false;
        var barriers = nodes.zones(trial.landing(nodes));
        var within = region.isEmpty() ? selector.getOr(Names.REGION, "") : region;
        var candidates = within.isEmpty() ? regions.zones() : regions.zonesOf(new RegionId(within));
        for (var zone : candidates) {
            if (!zone.labels().containsAll(selector)) {
                continue;
            }
            var barrier = barriers.against(zone.node());
            if (barrier != null && barrier.kind() == ConstraintKind.SELECTOR) {
                excluded = true;
                continue;
            }
            any = true;
            tryZone(trial, zone, barrier);
        }
        if (!any) {
            trial.no(excluded ? new PodReason.PodExcludes() : new RegionReason.NoZone());
        }
    }

    /** {@code barrier}: what speaks against the zone's virtual node, null where nothing does. */
    void tryZone(UnitTrial trial, RegionDirectory.Zone zone, NodeSearch.@Nullable Barrier barrier) {
        var reason = declared(trial, zone);
        if (reason instanceof RegionReason.NotOpened) {
            trial.notYet(reason, facts.isNew(zone.region()));
            return;
        }
        if (reason != null) {
            trial.no(reason);
            return;
        }
        if (barrier != null) {
            kept(trial, zone, barrier);
            return;
        }
        var offer = trial.demand.offer(zone.region(), zone.zone());
        var invalid = trial.subject.refusals().get(zone.region());
        if (invalid != null && trial.now.isBefore(invalid.nextTry())) {
            trial.no(invalid);
            return;
        }
        switch (stock.availability(offer, trial.subject.pod().spec().priority(), trial.now)) {
            case Availability.Ask(boolean proven) -> {
                if (trial.best == null || (proven && !trial.bestIsProven)) {
                    trial.best = offer;
                    trial.bestIsProven = proven;
                }
            }
            case Availability.Busy() -> {
                trial.busy = true;
                trial.gates.add(new Gate.OfferGate(offer));
                trial.no(new RegionReason.Busy(zone.zone(), offer.product()));
            }
            case Availability.Closed closed -> {
                trial.gates.add(new Gate.OfferGate(offer));
                trial.no(new RegionReason.Closed(
                        zone.zone(), zone.region(), offer.product(), closed.why(), closed.until(), closed.message()));
            }
            case Availability.Probing probing -> {
                trial.gates.add(new Gate.OfferGate(offer));
                trial.no(new RegionReason.Closed(
                        zone.zone(), zone.region(), offer.product(), probing.why(), null, probing.message()));
            }
        }
    }

    /** What the declared objects say against the zone, null where nothing. */
    private @Nullable Reason declared(UnitTrial trial, RegionDirectory.Zone zone) {
        var region = regions.accepted(zone.region());
        if (region == null) {
            return new RegionReason.NoZone();
        }
        var pod = trial.subject.pod();
        if (region.lost()) {
            return new RegionReason.RegionLost(region.id());
        }
        if (!region.allows(pod.key().namespace())) {
            return new RegionReason.NotAllowed(region.id(), pod.key().namespace());
        }
        if (!facts.isOpen(region.id())) {
            return new RegionReason.NotOpened(region.id());
        }
        var offer = trial.demand.offer(zone.region(), zone.zone());
        return region.sells(offer) ? null : new RegionReason.NotDeclared(zone.zone(), offer.product());
    }

    private void kept(UnitTrial trial, RegionDirectory.Zone zone, NodeSearch.Barrier barrier) {
        if (barrier.kind().isAboutPods()) {
            trial.keptByPods(nodes, barrier.soon());
            trial.no(new NodeReason.KeptByPods(zone.zone(), barrier.kind(), barrier.clause()));
        } else {
            boolean comes = facts.node(zone.node()) == null && (facts.isNew(zone.region()) || facts.isNew(zone.node()));
            trial.notYet(new NodeReason.NodeUnfit(zone.node(), barrier.clause()), comes);
        }
    }
}
