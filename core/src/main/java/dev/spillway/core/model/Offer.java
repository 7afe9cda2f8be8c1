package dev.spillway.core.model;

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
    /** Written out: trees of offers are searched several times for each answer of a region. */
    @Override
    public int compareTo(Offer other) {
        if (this == other) {
            return 0;
        }
        int order = region.compareTo(other.region);
        order = order != 0 ? order : zone.compareTo(other.zone);
        order = order != 0 ? order : computeClass.compareTo(other.computeClass);
        order = order != 0 ? order : computeQos.compareTo(other.computeQos);
        order = order != 0 ? order : gpuModel.compareTo(other.gpuModel);
        return order != 0 ? order : Boolean.compare(spot, other.spot);
    }

    /** What is asked for, without the place: {@code gpu/default/L20}. */
    public String product() {
        return computeClass + "/" + computeQos + (gpuModel.isEmpty() ? "" : "/" + gpuModel) + (spot ? "/spot" : "");
    }
}
