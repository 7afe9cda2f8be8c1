package dev.spillway.core.testing;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.StorageObject;
import java.util.Set;

/** PersistentVolumeClaims. Without further words: in demo, of the class fast, for 10 bytes, ReadWriteOnce, not bound. */
public final class ClaimBuilder extends Builder<ClaimBuilder, StorageObject.Claim> {
    private final String name;
    private String namespace = "demo";
    private String accessMode = "ReadWriteOnce";
    private String volume = "";
    private String selectedNode = "";

    private ClaimBuilder(String name) {
        this.name = name;
    }

    /** A claim of this name, with the UID {@code uid-NAME}. */
    public static ClaimBuilder aClaim(String name) {
        return new ClaimBuilder(name);
    }

    /** What claims and volumes of the class fast name alike. */
    static StorageObject.Terms terms(String accessMode) {
        return new StorageObject.Terms("fast", 10, Set.of(accessMode), "Filesystem", "");
    }

    /** In this namespace. */
    public ClaimBuilder namespace(String value) {
        return with(b -> b.namespace = value);
    }

    /** With this access mode. */
    public ClaimBuilder accessMode(String value) {
        return with(b -> b.accessMode = value);
    }

    /** Bound to this volume. */
    public ClaimBuilder boundTo(String volumeName) {
        return with(b -> b.volume = volumeName);
    }

    /** Whose volume is being made for this node. */
    public ClaimBuilder selectedNode(String node) {
        return with(b -> b.selectedNode = node);
    }

    @Override
    public StorageObject.Claim build() {
        return new StorageObject.Claim(
                namespace,
                name,
                "uid-" + name,
                "",
                terms(accessMode),
                LabelSelector.EVERYTHING,
                volume,
                !volume.isEmpty(),
                selectedNode,
                false,
                false);
    }
}
