package dev.spillway.app.monitoring;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.region.Region;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The stock of regions and who is in the units of policies, as the engine last wrote them into the status of these objects. Thread-safe.
 */
final class StatusMeters {
    private static final int MOST_OFFERS = 1_000;
    private static final Set<String> CLASSES = Set.of("general-purpose", "performance", "gpu");
    private static final Set<String> QUALITIES = Set.of("default", "best-effort");

    private final MultiGauge stock;
    private final MultiGauge reachable;
    private final MultiGauge instances;
    private final MultiGauge pods;
    private final MultiGauge maxima;
    private final BoundedNames regionNames;
    private final BoundedNames unitNames;

    // Guarded by this.
    private final Map<RegionId, Region> declared = new HashMap<>();
    private final Map<RegionId, RegionStatus> regions = new TreeMap<>();
    private final Map<PolicyKey, PolicyStatus> policies = new TreeMap<>();

    StatusMeters(MeterRegistry registry, BoundedNames regionNames, BoundedNames unitNames) {
        this.regionNames = regionNames;
        this.unitNames = unitNames;
        this.stock = MultiGauge.builder("spillway.stock.offers")
                .description("Offers that were asked for, by what is known of their stock.")
                .register(registry);
        this.reachable = MultiGauge.builder("spillway.region.reachable")
                .description("Whether a region can be used and answers.")
                .register(registry);
        this.instances = MultiGauge.builder("spillway.region.instances")
                .description("Live instances of this cluster in a region.")
                .register(registry);
        this.pods = MultiGauge.builder("spillway.unit.pods")
                .description("Pods that count in a unit.")
                .register(registry);
        this.maxima = MultiGauge.builder("spillway.unit.pods.max")
                .description("The cap of a unit that has one.")
                .register(registry);
    }

    synchronized void seen(Region region) {
        declared.put(region.id(), region);
    }

    synchronized void gone(RegionId region) {
        declared.remove(region);
        regions.remove(region);
    }

    synchronized void gone(PolicyKey policy) {
        policies.remove(policy);
    }

    synchronized void shown(RegionId region, RegionStatus status) {
        regions.put(region, status);
    }

    synchronized void shown(PolicyKey policy, PolicyStatus status) {
        policies.put(policy, status);
    }

    /** Another engine begins, or none works: what the one before knew is old. */
    synchronized void forget() {
        declared.clear();
        regions.clear();
        policies.clear();
    }

    /** Publishes what is known now. */
    synchronized void refresh() {
        var stockRows = new Rows();
        var reachableRows = new Rows();
        var instanceRows = new Rows();
        regions.forEach((id, status) -> {
            var region = Tags.of("region", regionNames.of(id.value()));
            boolean isUsable = status.accepted().status() && status.reachable().status();
            reachableRows.least(region, isUsable ? 1 : 0);
            instanceRows.add(region, status.instances());
            status.stock().forEach(line -> stockRows.add(tagsOf(line, stockRows.size() < MOST_OFFERS), 1));
        });
        stock.register(stockRows.get(), true);
        reachable.register(reachableRows.get(), true);
        instances.register(instanceRows.get(), true);
        refreshUnits();
    }

    private void refreshUnits() {
        var podRows = new Rows();
        var maximumRows = new Rows();
        policies.forEach((policy, status) -> status.units().forEach(unit -> {
            var tags = tagsOf(policy, unit.index());
            podRows.add(tags, unit.count());
            var max = unit.max();
            if (max != null) {
                maximumRows.add(tags, max);
            }
        }));
        pods.register(podRows.get(), true);
        maxima.register(maximumRows.get(), true);
    }

    private Tags tagsOf(PolicyKey policy, int unit) {
        var name = policy.namespace() + "/" + policy.name();
        boolean isKnown = unitNames.admits(name + "#" + unit);
        return Tags.of(
                "policy", isKnown ? name : BoundedNames.OTHER,
                "unit", isKnown ? Integer.toString(unit) : BoundedNames.OTHER);
    }

    private Tags tagsOf(RegionStatus.StockLine line, boolean hasRoom) {
        var offer = line.offer();
        var region = regionNames.of(offer.region().value());
        boolean isKnown = hasRoom && !region.equals(BoundedNames.OTHER);
        return Tags.of(
                "region",
                region,
                "zone",
                isKnown ? offer.zone().value() : BoundedNames.OTHER,
                "product",
                isKnown ? productOf(offer) : BoundedNames.OTHER,
                "state",
                line.state());
    }

    /** What was asked for, in words of the operator alone: what else pods name is their authors' text. */
    private String productOf(Offer offer) {
        var region = declared.get(offer.region());
        if (region != null && !region.offers().isEmpty() && region.sells(offer)) {
            return offer.product();
        }
        return known(CLASSES, offer.computeClass())
                + "/"
                + known(QUALITIES, offer.computeQos())
                + (offer.gpuModel().isEmpty() ? "" : "/" + BoundedNames.OTHER)
                + (offer.spot() ? "/spot" : "");
    }

    private static String known(Set<String> words, String word) {
        return words.contains(word) ? word : BoundedNames.OTHER;
    }

    /** One number for each set of labels. */
    private static final class Rows {
        private final Map<Tags, Integer> values = new LinkedHashMap<>();

        int size() {
            return values.size();
        }

        void add(Tags tags, int more) {
            values.merge(tags, more, Integer::sum);
        }

        void least(Tags tags, int value) {
            values.merge(tags, value, Math::min);
        }

        List<MultiGauge.Row<?>> get() {
            var rows = new ArrayList<MultiGauge.Row<?>>();
            values.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
            return rows;
        }
    }
}
