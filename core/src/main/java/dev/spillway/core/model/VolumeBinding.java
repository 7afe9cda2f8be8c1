package dev.spillway.core.model;

/**
 * What has to be written for one PersistentVolumeClaim that waits for its first consumer (volumeBindingMode WaitForFirstConsumer)
 * before its pod may be bound: Kubernetes' volume controllers, or the storage driver, do the rest. Source: kube-scheduler's plugin
 * VolumeBinding, step PreBind.
 */
public sealed interface VolumeBinding {
    /** The claim concerned. */
    StorageObject.Id claim();

    /** The existing volume is to become the claim's. */
    record Reserve(String volume, StorageObject.ClaimRef by) implements VolumeBinding {
        @Override
        public StorageObject.Id claim() {
            return new StorageObject.Id(StorageObject.Kind.CLAIM, by.namespace(), by.name());
        }
    }

    /** A volume is to be made that the node reaches. */
    record Provision(StorageObject.Id claim, String uid, NodeName node) implements VolumeBinding {}
}
