package dev.spillway.core.model;

import java.util.Comparator;

/**
 * What can be asked of a region: the key of stock. A refusal says something about the offer, not about the pod.
 *
 * @param computeClass general-purpose, performance, gpu (docs/resource-policy.md, "Labels and annotations of pods")
 * @param computeQos default or best-effort
 * @param gpuModel GPU model series, empty where none is asked for
 * @param spot whether interruptible capacity is asked for
 */
public record Offer(RegionId region, ZoneId zone, String computeClass, String computeQos, String gpuModel, boolean spot)
        implements Comparable<Offer> {
    private static final Comparator<Offer> ORDER = Comparator.comparing(Offer::region)
            .thenComparing(Offer::zone)
            .thenComparing(Offer::computeClass)
            .thenComparing(Offer::computeQos)
            .thenComparing(Offer::gpuModel)
            .thenComparing(Offer::spot);

    @Override
    public int compareTo(Offer other) {
        return ORDER.compare(this, other);
    }

    /** What is asked for, without the place: {@code gpu/default/L20}. */
    public String product() {
        return computeClass + "/" + computeQos + (gpuModel.isEmpty() ? "" : "/" + gpuModel) + (spot ? "/spot" : "");
    }
}
