package dev.spillway.core.fit;

import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.cluster.StorageObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of storage. */
final class Storage {
    /** A volume as the node's limits count it: claims of one volume count once. */
    record Attached(String driver, String handle) {}

    private final Map<StorageObject.Id, StorageObject> others = new HashMap<>(); // only looked up, never iterated
    private final TreeMap<String, StorageObject.Volume> volumes = new TreeMap<>();

    void put(StorageObject object) {
        if (object instanceof StorageObject.Volume volume) {
            volumes.put(volume.name(), volume);
        } else {
            others.put(object.id(), object);
        }
    }

    void remove(StorageObject.Id id) {
        if (id.kind() == StorageObject.Kind.VOLUME) {
            volumes.remove(id.name());
        } else {
            others.remove(id);
        }
    }

    StorageObject.@Nullable Claim claim(StorageObject.Id id) {
        return others.get(id) instanceof StorageObject.Claim claim ? claim : null;
    }

    StorageObject.@Nullable Volume volume(String name) {
        return volumes.get(name);
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
