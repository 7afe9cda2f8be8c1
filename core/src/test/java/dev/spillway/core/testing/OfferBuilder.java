package dev.spillway.core.testing;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;

/** Offers. Without further words: a GPU of {@link UnitBuilder#MODEL} in the zone REGION-1, as {@link UnitBuilder#acs} asks for it. */
public final class OfferBuilder extends Builder<OfferBuilder, Offer> {
    private final String region;
    private String zone;
    private String computeClass = "gpu";
    private String gpuModel = UnitBuilder.MODEL;
    private boolean spot;

    private OfferBuilder(String region) {
        this.region = region;
        this.zone = region + "-1";
    }

    /** An offer of this region. */
    public static OfferBuilder anOffer(String region) {
        return new OfferBuilder(region);
    }

    /** In this zone. */
    public OfferBuilder zone(String value) {
        return with(b -> b.zone = value);
    }

    /** Of this model. */
    public OfferBuilder gpuModel(String value) {
        return with(b -> b.gpuModel = value);
    }

    /** Without a GPU, of the class general-purpose. */
    public OfferBuilder withoutGpu() {
        return with(b -> {
            b.computeClass = "general-purpose";
            b.gpuModel = "";
        });
    }

    /** Of capacity that the region may take back. */
    public OfferBuilder spot() {
        return with(b -> b.spot = true);
    }

    @Override
    public Offer build() {
        return new Offer(new RegionId(region), new ZoneId(zone), computeClass, "default", gpuModel, spot);
    }
}
