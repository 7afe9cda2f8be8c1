package dev.spillway.core.step;

import dev.spillway.core.model.DisruptionBudget;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.region.Region;

/** A fact that reaches the engine: from the feed, from a region, or the answer to an {@link Effect}. */
public sealed interface Event {
    /** What is reported unasked about anything but a pod: by the API server's watches, by a region, by whoever opens connections. */
    sealed interface Fact extends Event {}

    /** The answer to an effect, but for the one that a pod on its way to an instance waits for. */
    sealed interface Answer extends Event {}

    /** A pod is there, new or changed; its whole current record. */
    record PodSeen(Pod pod) implements Event {}

    /** A pod object is gone. */
    record PodGone(PodKey pod, PodUid uid) implements Event {}

    /** A policy is there, new or changed. */
    record PolicySeen(Policy policy) implements Fact {}

    /** A policy is gone. */
    record PolicyGone(PolicyKey policy) implements Fact {}

    /** The profile of region pods is there, new or changed. {@code problem}: why it cannot be read, empty where it can. */
    record ProfileSeen(ProfileUid uid, Profile profile, String problem) implements Fact {}

    /** The profile's ConfigMap is gone. */
    record ProfileGone() implements Fact {}

    /** A Region is there, new or changed. {@code problem}: why it cannot be used, empty where it can. */
    record RegionSeen(Region region, String problem) implements Fact {}

    /** A Region object is gone. */
    record RegionGone(RegionId region) implements Fact {}

    /** The backend of a region was opened and declares this; comes again when it is reopened. */
    record BackendOpened(RegionId region, Capabilities capabilities) implements Fact {}

    /** A node is there, new or changed. */
    record NodeSeen(Node node) implements Fact {}

    /** A node is gone. */
    record NodeGone(NodeName node) implements Fact {}

    /** A namespace is there, new or changed; {@code terminating}: it is being deleted, with all that is in it. */
    record NamespaceSeen(String name, Labels labels, boolean terminating) implements Fact {
        /** One that stays. */
        public NamespaceSeen(String name, Labels labels) {
            this(name, labels, false);
        }
    }

    /** A namespace is gone. */
    record NamespaceGone(String name) implements Fact {}

    /** A claim, volume, storage class or CSI node is there, new or changed. */
    record StorageSeen(StorageObject object) implements Fact {}

    /** A claim, volume, storage class or CSI node is gone. */
    record StorageGone(StorageObject.Id object) implements Fact {}

    /** A PodDisruptionBudget is there, new or changed. */
    record DisruptionBudgetSeen(DisruptionBudget budget) implements Fact {}

    /** A PodDisruptionBudget is gone. */
    record DisruptionBudgetGone(String namespace, String name) implements Fact {}

    /** The first complete quorum list of every watched kind has been delivered; comes once, before it nothing is acquired. */
    record ClusterListed() implements Fact {}

    /** Answer to {@link Effect.Acquire}. */
    record AcquireAnswered(Effect.Acquire effect, AcquireAnswer answer) implements Event {}

    /** Answer to {@link Effect.Terminate}. */
    record TerminateAnswered(Effect.Terminate effect, TerminateAnswer answer) implements Answer {}

    /** Answer to {@link Effect.Find}. */
    record FindAnswered(Effect.Find effect, FindAnswer answer) implements Answer {}

    /** Answer to {@link Effect.Describe}. */
    record DescribeAnswered(Effect.Describe effect, FindAnswer answer) implements Answer {}

    /** Answer to {@link Effect.ListInstances}. */
    record InstancesListed(Effect.ListInstances effect, ListAnswer answer) implements Answer {}

    /** A region reports an instance, unasked. */
    record InstanceReported(RegionId region, Instance instance) implements Fact {}

    /** A region cannot be followed for now, unasked: a hint to look, no evidence of anything. */
    record RegionDisturbed(RegionId region, String why) implements Fact {}

    /** Answer to {@link Effect.Bind}. */
    record BindAnswered(Effect.Bind effect, WriteAnswer answer) implements Answer {}

    /** Answer to {@link Effect.ReadPod}. */
    record PodRead(Effect.ReadPod effect, PodReadAnswer answer) implements Answer {}

    /** Answer to {@link Effect.ListPods}. */
    record PodsListed(Effect.ListPods effect, PodListAnswer answer) implements Answer {}

    /** Answer to {@link Effect.Reserve}. */
    record SlotsReserved(Effect.Reserve effect, ReserveAnswer answer) implements Answer {}

    /** Answer to {@link Effect.ReadSelector}. */
    record SelectorRead(Effect.ReadSelector effect, SelectorAnswer answer) implements Answer {}

    /** Answer to {@link Effect.Write}. */
    record Written(ClusterWrite write, WriteAnswer answer) implements Answer {}

    /** The instant of a WakeAt has come. */
    record TimePassed() implements Event {}
}
