package dev.spillway.core.testing;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.Unit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Units of policies. Without further words: no cap, no labels. */
public final class UnitBuilder extends Builder<UnitBuilder, Unit> {
    /** The GPU model that {@link #acs} asks for. */
    public static final String MODEL = "m1";

    private final Unit.Resource resource;
    private Labels nodeSelector = Labels.empty();
    private Labels podLabels = Labels.empty();
    private Labels podAnnotations = Labels.empty();
    private @Nullable Integer max;
    private ResourceList maxResources = ResourceList.EMPTY;
    private boolean spot;
    private @Nullable Integer scaleInWeight;

    private UnitBuilder(Unit.Resource resource) {
        this.resource = resource;
    }

    /** A unit of this kind that names no nodes. */
    public static UnitBuilder aUnit(Unit.Resource resource) {
        return new UnitBuilder(resource);
    }

    /** GPUs of {@link #MODEL} in this region. */
    public static UnitBuilder acs(String region) {
        return aUnit(Unit.Resource.ACS)
                .nodeSelector(Names.TYPE, Names.VIRTUAL_KUBELET, Names.REGION, region)
                .podLabels(Names.REGION_ID, region)
                .podLabels(Names.COMPUTE_CLASS, "gpu", Names.COMPUTE_QOS, "default", Names.GPU_MODEL, MODEL);
    }

    /** Real nodes of this pool. */
    public static UnitBuilder ecs(String pool) {
        return aUnit(Unit.Resource.ECS).nodeSelector("pool", pool);
    }

    /** A unit like this one. */
    public static UnitBuilder like(Unit unit) {
        return aUnit(unit.resource()).with(b -> {
            b.nodeSelector = unit.nodeSelector();
            b.podLabels = unit.podLabels();
            b.podAnnotations = unit.podAnnotations();
            b.max = unit.max();
            b.maxResources = unit.maxResources();
            b.spot = unit.spot();
            b.scaleInWeight = unit.scaleInWeight();
        });
    }

    /** Whose nodes have these labels too. */
    public UnitBuilder nodeSelector(String... keysAndValues) {
        return with(b -> b.nodeSelector = nodeSelector.with(Labels.of(keysAndValues)));
    }

    /** That writes these labels too. */
    public UnitBuilder podLabels(String... keysAndValues) {
        return with(b -> b.podLabels = podLabels.with(Labels.of(keysAndValues)));
    }

    /** That writes these annotations too. */
    public UnitBuilder podAnnotations(String... keysAndValues) {
        return with(b -> b.podAnnotations = podAnnotations.with(Labels.of(keysAndValues)));
    }

    /** With the label that has pods wait for nodes. */
    public UnitBuilder waitingForNodes() {
        return podLabels(Names.WAIT_LABEL, "true");
    }

    /** For at most so many pods; null: no cap. */
    public UnitBuilder max(@Nullable Integer value) {
        return with(b -> b.max = value);
    }

    /** For requests up to these. */
    public UnitBuilder maxResources(Map<String, Long> amounts) {
        return with(b -> b.maxResources = ResourceList.of(amounts));
    }

    /** Of capacity that the region may take back. */
    public UnitBuilder spot() {
        return with(b -> b.spot = true);
    }

    /** With this deletion cost. */
    public UnitBuilder scaleInWeight(int value) {
        return with(b -> b.scaleInWeight = value);
    }

    @Override
    public Unit build() {
        return new Unit(resource, nodeSelector, podLabels, podAnnotations, max, maxResources, spot, scaleInWeight);
    }
}
