package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.stock.Availability;
import dev.spillway.core.stock.StockPicture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a zone that a pod may be asked for in: "which zone of a unit" is decided here (R6.1). Zones are tried proven before never
 * asked, then by zone name; where none may be asked and one has answers in flight the answer is {@link UnitAnswer.NotYet}, for the order of units is a hard
 * rule. A zone whose virtual node does not take the pod is not asked: {@link NodeSearch} says so, by the constraints that hold for real
 * nodes.
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

    /** What one zone answers. */
    private sealed interface ZoneAnswer {
        /** Its offer may be asked for; {@code proven}: an earlier request for it succeeded. */
        record Ask(Offer offer, boolean proven) implements ZoneAnswer {}

        /**
         * No.
         *
         * @param gate what may change that, null where only changes of declared objects do
         * @param soon whether it is over soon by itself
         */
        record No(Reason reason, @Nullable Gate gate, boolean soon) implements ZoneAnswer {
            static No of(Reason reason) {
                return new No(reason, null, false);
            }
        }
    }

    /**
     * What the zones with these labels answer.
     *
     * @param region the only region whose zones are asked, empty for any
     */
    UnitAnswer.OfRegions answer(Applicant applicant, Labels selector, String region) {
        var entry = region.isEmpty() ? null : regions.get(new RegionId(region));
        if (entry != null && !entry.isAccepted()) {
            return UnitAnswer.noRoom(
                    new RegionReason.RegionNotAccepted(entry.region().id(), entry.problem()));
        }
        var barriers = nodes.zones(applicant.landing(nodes));
        var within = region.isEmpty() ? selector.getOr(Names.REGION, "") : region;
        var answers = new ArrayList<ZoneAnswer>();
        boolean isExcluded = false;
        for (var zone : within.isEmpty() ? regions.zones() : regions.zonesOf(new RegionId(within))) {
            if (zone.labels().containsAll(selector)) {
                var barrier = barriers.against(zone.node());
                if (barrier != null && barrier.kind() == ConstraintKind.SELECTOR) {
                    isExcluded = true;
                } else {
                    answers.add(ofZone(applicant, zone, barrier));
                }
            }
        }
        return answers.isEmpty()
                ? UnitAnswer.noRoom(isExcluded ? new PodReason.PodExcludes() : new RegionReason.NoZone())
                : together(answers);
    }

    /** What the zone answers a pod that is on its node already. */
    UnitAnswer.OfRegions answerOf(RegionDirectory.Zone zone, Applicant applicant) {
        return together(List.of(ofZone(applicant, zone, null)));
    }

    /** The first offer that is proven, else the first of all; else each zone's no. */
    private static UnitAnswer.OfRegions together(List<ZoneAnswer> answers) {
        ZoneAnswer.@Nullable Ask best = null;
        var reasons = new ArrayList<Reason>();
        var gates = new ArrayList<Gate>();
        boolean soon = false;
        for (var answer : answers) {
            switch (answer) {
                case ZoneAnswer.Ask ask -> best = best == null || (ask.proven && !best.proven) ? ask : best;
                case ZoneAnswer.No no -> {
                    reasons.add(no.reason);
                    if (no.gate != null && !gates.contains(no.gate)) {
                        gates.add(no.gate);
                    }
                    soon |= no.soon;
                }
            }
        }
        if (best != null) {
            return new UnitAnswer.Ask(best.offer);
        }
        return soon ? new UnitAnswer.NotYet(reasons, gates) : new UnitAnswer.NoRoom(reasons, gates);
    }

    /** {@code barrier}: what speaks against the zone's virtual node, null where nothing does. */
    private ZoneAnswer ofZone(Applicant applicant, RegionDirectory.Zone zone, NodeSearch.@Nullable Barrier barrier) {
        var undeclared = undeclared(applicant, zone);
        if (undeclared != null) {
            return undeclared;
        }
        if (barrier != null) {
            return ofNode(applicant, zone, barrier);
        }
        var against = applicant.subject().refusals().get(zone.region());
        return against != null && applicant.now().isBefore(against.nextTry())
                ? ofRequest(applicant, zone, against)
                : ofStock(applicant, zone);
    }

    /**
     * A pod that could not be prepared stays with the unit, as long as that could be asked for it: whatever comes after the unit needs the same from the
     * home cluster (decision 0023).
     */
    private ZoneAnswer ofRequest(Applicant applicant, RegionDirectory.Zone zone, RegionReason.OfRequest against) {
        return switch (against) {
            case RegionReason.RequestInvalid invalid -> ZoneAnswer.No.of(invalid);
            case RegionReason.Unprepared unprepared -> {
                var ofStock = ofStock(applicant, zone);
                yield ofStock instanceof ZoneAnswer.Ask ? new ZoneAnswer.No(unprepared, null, true) : ofStock;
            }
        };
    }

    /** What the declared objects say against the zone, null where nothing. */
    private ZoneAnswer.@Nullable No undeclared(Applicant applicant, RegionDirectory.Zone zone) {
        var region = regions.accepted(zone.region());
        if (region == null) {
            return ZoneAnswer.No.of(new RegionReason.NoZone());
        }
        if (region.lost()) {
            return ZoneAnswer.No.of(new RegionReason.RegionLost(region.id()));
        }
        var namespace = applicant.pod().key().namespace();
        if (!region.allows(namespace)) {
            return ZoneAnswer.No.of(new RegionReason.NotAllowed(region.id(), namespace));
        }
        if (!facts.isOpen(region.id())) {
            return new ZoneAnswer.No(new RegionReason.NotConnected(region.id()), null, facts.isNew(region.id()));
        }
        var offer = applicant.demand().offer(zone.region(), zone.zone());
        return region.sells(offer)
                ? null
                : ZoneAnswer.No.of(new RegionReason.NotDeclared(zone.zone(), offer.product()));
    }

    private ZoneAnswer ofNode(Applicant applicant, RegionDirectory.Zone zone, NodeSearch.Barrier barrier) {
        if (barrier.kind().isAboutPods()) {
            return new ZoneAnswer.No(
                    new NodeReason.KeptByPods(zone.zone(), barrier.kind(), barrier.clause()),
                    applicant.otherPods(nodes),
                    barrier.soon());
        }
        boolean comes = facts.node(zone.node()) == null && (facts.isNew(zone.region()) || facts.isNew(zone.node()));
        return new ZoneAnswer.No(new NodeReason.NodeUnfit(zone.node(), barrier.clause()), null, comes);
    }

    private ZoneAnswer ofStock(Applicant applicant, RegionDirectory.Zone zone) {
        var offer = applicant.demand().offer(zone.region(), zone.zone());
        var gate = new Gate.OfferGate(offer);
        return switch (stock.availability(offer, applicant.pod().spec().priority(), applicant.now())) {
            case Availability.Ask(boolean proven) -> new ZoneAnswer.Ask(offer, proven);
            case Availability.Busy() ->
                new ZoneAnswer.No(new RegionReason.Asking(zone.zone(), offer.product()), gate, true);
            case Availability.Closed closed -> {
                var why = new RegionReason.Closed(
                        zone.zone(), zone.region(), offer.product(), closed.why(), closed.until(), closed.message());
                yield new ZoneAnswer.No(why, gate, false);
            }
            case Availability.Probing probing -> {
                var why = new RegionReason.Closed(
                        zone.zone(), zone.region(), offer.product(), probing.why(), null, probing.message());
                yield new ZoneAnswer.No(why, gate, false);
            }
        };
    }
}
