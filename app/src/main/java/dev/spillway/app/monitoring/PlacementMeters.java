package dev.spillway.app.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Where pods went and why, and how long it took those that were refused first. Thread-safe. */
final class PlacementMeters {
    /** In place of a region: a real node of the home cluster. In place of a policy: none placed the pod. */
    static final String NONE = "none";

    private static final int MOST_REASONS = 64;

    private final MeterProvider<Counter> placements;
    private final MeterProvider<Timer> refusalToRunning;
    private final BoundedNames regions;
    private final BoundedNames units;
    private final BoundedNames reasons = new BoundedNames(MOST_REASONS);

    PlacementMeters(MeterRegistry registry, BoundedNames regions, BoundedNames units) {
        this.regions = regions;
        this.units = units;
        this.placements = Counter.builder("spillway.placements")
                .description("Pods bound to a node, by where they went and why not to the unit before.")
                .withRegistry(registry);
        this.refusalToRunning = Timer.builder("spillway.refusal.to.running")
                .description("Time from a pod's first refusal by a region until it runs elsewhere.")
                .serviceLevelObjectives(Buckets.ofStarts())
                .withRegistry(registry);
    }

    /**
     * A pod was bound.
     *
     * @param policy as {@code NAMESPACE/NAME}, or {@link #NONE}
     * @param unit its position; 0 where no unit placed the pod
     * @param region or {@link #NONE}
     * @param reason a code of docs/explain.md
     */
    void placed(String policy, String unit, String region, String reason) {
        boolean isKnown = policy.equals(NONE) || units.admits(policy + "#" + unit);
        placements
                .withTags(Tags.of(
                        "policy",
                        isKnown ? policy : BoundedNames.OTHER,
                        "unit",
                        isKnown ? unit : BoundedNames.OTHER,
                        "region",
                        regions.of(region),
                        "reason",
                        reasons.of(reason)))
                .increment();
    }

    /** A pod that was refused runs in a region, or in {@link #NONE}. */
    void ranElsewhere(String region, Duration sinceRefusal) {
        refusalToRunning.withTag("region", regions.of(region)).record(sinceRefusal);
    }
}
