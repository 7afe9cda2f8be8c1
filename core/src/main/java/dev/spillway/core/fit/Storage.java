package dev.spillway.core.fit;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.VolumeBinding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of storage, with what is being written already: a volume that is being reserved for a claim is nobody else's, and a
 * claim whose node was chosen keeps to it.
 */
final class Storage {
    /** A volume as the node's limits count it: claims of one volume count once. */
    record Attached(String driver, String handle) {}

    private final Map<StorageObject.Id, StorageObject> others = new HashMap<>(); // only looked up, never iterated
    private final TreeMap<String, StorageObject.Volume> volumes = new TreeMap<>();
    private final Map<StorageObject.Id, NodeName> selecting = new HashMap<>(); // likewise
    private final Map<String, StorageObject.ClaimRef> reserving = new HashMap<>(); // likewise

    /** Takes an object in; false where it was known as it is. */
    boolean put(StorageObject object) {
        var before = object instanceof StorageObject.Volume volume
                ? volumes.put(volume.name(), volume)
                : others.put(object.id(), object);
        return !object.equals(before);
    }

    void remove(StorageObject.Id id) {
        if (id.kind() == StorageObject.Kind.VOLUME) {
            volumes.remove(id.name());
        } else {
            others.remove(id);
        }
    }

    /** This is being written. */
    void assume(VolumeBinding binding) {
        switch (binding) {
            case VolumeBinding.Provision it -> selecting.put(it.claim(), it.node());
            case VolumeBinding.Reserve it -> reserving.put(it.volume(), it.by());
        }
    }

    /** It is written, or will not be: the objects alone say what is true. */
    void release(VolumeBinding binding) {
        switch (binding) {
            case VolumeBinding.Provision it -> selecting.remove(it.claim(), it.node());
            case VolumeBinding.Reserve it -> reserving.remove(it.volume(), it.by());
        }
    }

    StorageObject.@Nullable Claim claim(StorageObject.Id id) {
        var node = selecting.get(id);
        var claim = seenClaim(id);
        return claim == null || node == null || claim.bound() ? claim : claim.selecting(node);
    }

    /** The claim as the API server last told. */
    StorageObject.@Nullable Claim seenClaim(StorageObject.Id id) {
        return others.get(id) instanceof StorageObject.Claim claim ? claim : null;
    }

    StorageObject.@Nullable Volume volume(String name) {
        var volume = volumes.get(name);
        return volume == null ? null : asReserved(volume);
    }

    private StorageObject.Volume asReserved(StorageObject.Volume volume) {
        var by = reserving.get(volume.name());
        return by == null || !volume.claim().name().isEmpty() ? volume : volume.reservedFor(by);
    }

    StorageObject.@Nullable StorageClass storageClass(String name) {
        var id = new StorageObject.Id(StorageObject.Kind.STORAGE_CLASS, "", name);
        return others.get(id) instanceof StorageObject.StorageClass found ? found : null;
    }

    /** How many volumes of each driver the node can attach; no entry, no limit. */
    Map<String, Integer> limits(NodeName node) {
        var id = new StorageObject.Id(StorageObject.Kind.CSI_NODE, "", node.value());
        return others.get(id) instanceof StorageObject.CsiNode found ? found.limits() : Map.of();
    }

    /** Volumes of a storage class, in order of name. */
    List<StorageObject.Volume> volumesOf(String storageClass) {
        return volumes.values().stream()
                .filter(volume -> volume.terms().storageClass().equals(storageClass))
                .map(this::asReserved)
                .toList();
    }

    /** What the claim will occupy on a node; null where nothing that is limited. */
    @Nullable
    Attached attached(StorageObject.Claim claim) {
        var volume = claim.volume().isEmpty() ? null : volume(claim.volume());
        if (volume != null) {
            return volume.driver().isEmpty() ? null : new Attached(volume.driver(), volume.handle());
        }
        var storageClass = storageClass(claim.terms().storageClass());
        return storageClass == null
                ? null
                : new Attached(storageClass.provisioner(), "claim " + claim.namespace() + "/" + claim.name());
    }
}
