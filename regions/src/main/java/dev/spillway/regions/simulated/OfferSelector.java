package dev.spillway.regions.simulated;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which offers of a region a line speaks of; what is null or empty matches anything.
 *
 * @param zones empty = all zones
 * @param gpuModel null = any model and also none; empty = no GPU
 */
public record OfferSelector(
        List<ZoneId> zones,
        @Nullable String computeClass,
        @Nullable String computeQos,
        @Nullable String gpuModel,
        @Nullable Boolean spot) {
    /** Every offer. */
    public static final OfferSelector ANY = new OfferSelector(List.of(), null, null, null, null);

    public OfferSelector {
        zones = List.copyOf(zones);
    }

    /** Every offer of one GPU model, in all zones. */
    public static OfferSelector ofModel(String gpuModel) {
        return new OfferSelector(List.of(), null, null, gpuModel, null);
    }

    /** Whether the offer is one of them. */
    public boolean matches(Offer offer) {
        return (zones.isEmpty() || zones.contains(offer.zone()))
                && (computeClass == null || computeClass.equals(offer.computeClass()))
                && (computeQos == null || computeQos.equals(offer.computeQos()))
                && (gpuModel == null || gpuModel.equals(offer.gpuModel()))
                && (spot == null || spot == offer.spot());
    }
}
