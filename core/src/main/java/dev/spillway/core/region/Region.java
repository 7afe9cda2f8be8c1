package dev.spillway.core.region;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import java.time.Duration;
import java.util.List;

/**
 * A Region object as declared by an operator; stock scripts of simulated regions are not part of it.
 *
 * @param createdSeconds the server's creation time in Unix seconds: the older of two claimants of a zone keeps it
 * @param isDefault takes directly pinned pods that name no region
 * @param zones in the order declared
 * @param offers what the region sells; empty = anything may be asked for
 * @param allowedNamespaces who may use it; {@code *} = everybody
 * @param lost an operator's word that the region is gone for good: what it may still hold is written off
 * @param maxPods pods per zone that its virtual node admits
 * @param outagePatience how long the region has to be unreachable before its pods are treated as each of them chose; zero or more (R29)
 * @param backend how it is reached
 */
public record Region(
        RegionId id,
        long generation,
        long createdSeconds,
        boolean isDefault,
        List<ZoneId> zones,
        List<OfferRule> offers,
        List<String> allowedNamespaces,
        boolean lost,
        int maxPods,
        Duration outagePatience,
        Backend backend) {

    /** The patience where a Region says nothing: the same after which Kueue gives a worker cluster up. */
    public static final Duration OUTAGE_PATIENCE = Duration.ofMinutes(15);

    /** One with the default patience. */
    public Region(
            RegionId id,
            long generation,
            long createdSeconds,
            boolean isDefault,
            List<ZoneId> zones,
            List<OfferRule> offers,
            List<String> allowedNamespaces,
            boolean lost,
            int maxPods,
            Backend backend) {
        this(
                id,
                generation,
                createdSeconds,
                isDefault,
                zones,
                offers,
                allowedNamespaces,
                lost,
                maxPods,
                OUTAGE_PATIENCE,
                backend);
    }

    /**
     * How a region is reached.
     *
     * @param settings what the Region says for this type alone, JSON in one line for whoever serves the type; empty where nothing
     */
    public record Backend(String type, String endpoint, int requestTimeoutMillis, String settings) {
        /** One without settings of its type. */
        public Backend(String type, String endpoint, int requestTimeoutMillis) {
            this(type, endpoint, requestTimeoutMillis, "");
        }
    }

    /** One line of what a region sells; empty {@code zones} = all zones, empty model = no GPU. */
    public record OfferRule(List<ZoneId> zones, String computeClass, String computeQos, String gpuModel, boolean spot) {
        public OfferRule {
            zones = List.copyOf(zones);
        }
    }

    public Region {
        zones = List.copyOf(zones);
        offers = List.copyOf(offers);
        allowedNamespaces = List.copyOf(allowedNamespaces);
    }

    /** Whether pods of the namespace may be placed here. */
    public boolean allows(String namespace) {
        return allowedNamespaces.contains("*") || allowedNamespaces.contains(namespace);
    }

    /** Whether the offer is one that the region declares to sell. */
    public boolean sells(Offer offer) {
        return offers.isEmpty()
                || offers.stream()
                        .anyMatch(
                                rule -> (rule.zones().isEmpty() || rule.zones().contains(offer.zone()))
                                        && rule.computeClass().equals(offer.computeClass())
                                        && rule.computeQos().equals(offer.computeQos())
                                        && rule.gpuModel().equals(offer.gpuModel())
                                        && rule.spot() == offer.spot());
    }
}
