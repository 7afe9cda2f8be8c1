package dev.spillway.core.testing;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeRequirement;
import dev.spillway.core.model.StorageObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PersistentVolumes. Without further words: one that {@link ClaimBuilder#aClaim} may have, available, reached from every node. */
public final class VolumeBuilder extends Builder<VolumeBuilder, StorageObject.Volume> {
    private final String name;
    private Labels labels = Labels.empty();
    private @Nullable List<List<NodeRequirement>> nodes;
    private boolean available = true;

    private VolumeBuilder(String name) {
        this.name = name;
    }

    /** A volume of this name. */
    public static VolumeBuilder aVolume(String name) {
        return new VolumeBuilder(name);
    }

    /** With these labels. */
    public VolumeBuilder label(String... keysAndValues) {
        return with(b -> b.labels = labels.with(Labels.of(keysAndValues)));
    }

    /** Reached from nodes of this zone only, as its node affinity says. */
    public VolumeBuilder inZone(String zone) {
        var requirement = new NodeRequirement(false, Names.ZONE, NodeRequirement.Operator.IN, List.of(zone));
        return with(b -> b.nodes = List.of(List.of(requirement)));
    }

    /** Bound to a claim. */
    public VolumeBuilder taken() {
        return with(b -> b.available = false);
    }

    @Override
    public StorageObject.Volume build() {
        return new StorageObject.Volume(
                name,
                labels,
                ClaimBuilder.terms("ReadWriteOnce"),
                nodes,
                StorageObject.ClaimRef.NONE,
                available,
                false,
                "driver",
                name);
    }
}
