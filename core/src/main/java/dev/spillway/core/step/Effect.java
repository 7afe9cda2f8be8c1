package dev.spillway.core.step;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.VolumeBinding;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.VirtualNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wish of the engine. Each effect but {@link WakeAt} is answered by exactly one event while the process lives, possibly
 * Unknown and late; a crash loses them all (R24.2). The answer carries the effect, so that nothing has to be
 * looked up.
 */
public sealed interface Effect {
    /** A wish to a region. */
    sealed interface ToRegion extends Effect {
        /** The region concerned. */
        RegionId region();
    }

    /** A wish to the API server that is answered by {@link Event.Written}. */
    sealed interface Write extends Effect {}

    /** Ask for an instance; answered by {@link Event.AcquireAnswered}. */
    record Acquire(RegionId region, AcquireRequest request) implements ToRegion {}

    /** Terminate an instance; answered by {@link Event.TerminateAnswered}. {@code why} is for people. */
    record Terminate(RegionId region, InstanceId instance, PodUid uid, String why) implements ToRegion {}

    /** Look an instance up by token; answered by {@link Event.FindAnswered}. */
    record Find(RegionId region, PodUid uid, Token token) implements ToRegion {}

    /** Look an instance up by id; answered by {@link Event.DescribeAnswered}. */
    record Describe(RegionId region, InstanceId instance, PodUid uid) implements ToRegion {}

    /** List all instances of this cluster in a region; answered by {@link Event.InstancesListed}. {@code askedAt}: the list begins later. */
    record ListInstances(RegionId region, Instant askedAt) implements ToRegion {}

    /** Bind; answered by {@link Event.BindAnswered}. */
    record Bind(Binding binding) implements Effect {}

    /** Quorum read of a pod, expecting this UID; answered by {@link Event.PodRead}. */
    record ReadPod(PodKey pod, PodUid uid) implements Effect {}

    /** Quorum list of a namespace's pods; answered by {@link Event.PodsListed}. */
    record ListPods(String namespace) implements Effect {}

    /**
     * Reserve slots of a policy's capped units by compare-and-set; answered by {@link Event.SlotsReserved}. {@code expected} null: not known
     * yet.
     */
    record Reserve(PolicyKey policy, @Nullable Reserved expected, Reserved wished) implements Effect {}

    /** Read the selector by which an owner counts its pods; answered by {@link Event.SelectorRead}. */
    record ReadSelector(String namespace, Owner owner) implements Effect {}

    /** Say on the pod why it waits. */
    record Explain(PodKey pod, PodUid uid, String message) implements Write {}

    /** Write an Event about the pod. */
    record Announce(PodKey pod, PodUid uid, Announcement announcement) implements Write {}

    /** Write an Event about the ConfigMap that holds the profile of region pods. */
    record AnnounceProfile(ProfileUid uid, Announcement announcement) implements Write {}

    /** Write an Event about a virtual node and its Region. */
    record AnnounceNode(NodeName node, RegionId region, Announcement announcement) implements Write {}

    /** Write the pod's status. */
    record WriteStatus(PodKey pod, PodUid uid, PodStatus status) implements Write {}

    /** Add annotations to the pod. */
    record Annotate(PodKey pod, PodUid uid, Labels annotations) implements Write {}

    /** Remove the object of a pod that has ended. */
    record RemovePod(PodKey pod, PodUid uid) implements Write {}

    /** Delete a pod with its grace period, in favour of one of higher priority; {@code why} goes into its DisruptionTarget condition. */
    record Evict(PodKey pod, PodUid uid, String why) implements Write {}

    /** Say on the pod that room is being made for it on this node ({@code status.nominatedNodeName}). */
    record Nominate(PodKey pod, PodUid uid, NodeName node) implements Write {}

    /** Make a volume the claim's, or have one made for it; {@code pod} is the one that waits for it. */
    record BindVolume(PodUid pod, VolumeBinding binding) implements Write {}

    /** Create or update a virtual node. */
    record PutNode(VirtualNode node) implements Write {}

    /** Delete a virtual node. */
    record RemoveNode(NodeName node) implements Write {}

    /** Write a Region's status. */
    record WriteRegionStatus(RegionId region, RegionStatus status) implements Write {}

    /** Write a policy's status. */
    record WritePolicyStatus(PolicyKey policy, PolicyStatus status) implements Write {}

    /** Send {@link Event.TimePassed} at this instant of the decision clock or soon after. Not answered otherwise. */
    record WakeAt(Instant at) implements Effect {}
}
