package dev.spillway.regions.simulated;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.ZoneId;
import java.util.List;

/**
 * What a simulated region is declared to be.
 *
 * @param zones at least one
 * @param offers what it sells; empty = anything may be asked for
 * @param stock in order of precedence
 */
public record RegionDefinition(
        List<ZoneId> zones, List<OfferSelector> offers, List<StockLine> stock, Behaviour behaviour) {
    public RegionDefinition {
        zones = List.copyOf(zones);
        offers = List.copyOf(offers);
        stock = List.copyOf(stock);
        if (zones.isEmpty()) {
            throw new IllegalArgumentException("A region needs at least one zone.");
        }
    }

    /** Whether the offer is one that the region declares to sell. */
    boolean sells(Offer offer) {
        return zones.contains(offer.zone())
                && (offers.isEmpty() || offers.stream().anyMatch(rule -> rule.matches(offer)));
    }
}
