package dev.spillway.core.port;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.VolumeBinding;
import org.jspecify.annotations.Nullable;

/**
 * The port through which wishes reach the API server. Facts come the other way, as events.
 *
 * <p>Every method may be called by several threads at once, blocks at most for the adapter's own deadline (a binding: 5 s,
 * decision 0007), sends a mutating request once only, and throws nothing for what server or network do.
 */
public interface ClusterApi {
    /** Binds; labels and annotations land together with the node. Conflict where the pod has a node, is deleting, is gated, or has another UID. */
    WriteAnswer bind(Binding binding);

    /** Reads a pod from the API server's own store, never from a cache. */
    PodReadAnswer readPod(PodKey pod);

    /** Lists the pods of a namespace from the API server's own store, never from a cache. */
    PodListAnswer listPods(String namespace);

    /**
     * Replaces the reserved slots in a policy's status if they are as expected; {@code expected} null: only reads, and answers Found. What
     * is there already counts as done.
     */
    ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved wished);

    /** Reads the selector of a pod's owner, {@link Owner#mayCountBySelector}; another object of its name is not it. */
    SelectorAnswer readSelector(String namespace, Owner owner);

    /** Sets PodScheduled=False, reason Unschedulable, with this message. */
    WriteAnswer explain(PodKey pod, PodUid uid, String message);

    /** Writes a Kubernetes Event about the pod. */
    WriteAnswer announce(PodKey pod, PodUid uid, Announcement announcement);

    /** Writes a Kubernetes Event about the ConfigMap that holds the profile of region pods. */
    WriteAnswer announceProfile(ProfileUid uid, Announcement announcement);

    /** Writes a Kubernetes Event about a virtual node, and the same about its Region where that still exists. */
    WriteAnswer announceNode(NodeName node, RegionId region, Announcement announcement);

    /** Writes the pod's status as its kubelet. */
    WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status);

    /** Adds or replaces annotations of the pod. */
    WriteAnswer annotate(PodKey pod, PodUid uid, Labels annotations);

    /** Removes a pod object that has ended, with grace 0; only that UID. */
    WriteAnswer removePod(PodKey pod, PodUid uid);

    /**
     * Deletes a pod of that UID with its own grace period, in favour of one of higher priority, and marks it with the condition
     * DisruptionTarget, reason PreemptionByScheduler.
     */
    WriteAnswer evict(PodKey pod, PodUid uid, String why);

    /** Sets the pod's nominatedNodeName. */
    WriteAnswer nominate(PodKey pod, PodUid uid, NodeName node);

    /**
     * Makes an existing volume the claim's (the volume's {@code spec.claimRef}) or asks for one to be made that the node reaches (the claim's
     * annotation {@code volume.kubernetes.io/selected-node}); what is there already counts as done. Conflict where the volume is another's,
     * another node was chosen, or the claim has another UID.
     */
    WriteAnswer bindVolume(VolumeBinding binding);

    /** Creates the node or brings it to the wished state, and keeps its lease from then on. */
    WriteAnswer putNode(VirtualNode node);

    /** Deletes a node and stops its lease. */
    WriteAnswer removeNode(NodeName node);

    /** Writes a Region's status. */
    WriteAnswer writeRegionStatus(RegionId region, RegionStatus status);

    /** Writes a policy's status. */
    WriteAnswer writePolicyStatus(PolicyKey policy, PolicyStatus status);
}
