package dev.spillway.core.port;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.VolumeBinding;
import java.util.Locale;

/**
 * A write to the API server that is answered by a plain {@link WriteAnswer}: one record for each kind, which says all that others have to
 * know of it. Whatever is about a pod, a claim or a policy is for the one of that UID only, where it carries a UID: a later object of the
 * same name is left alone.
 */
public sealed interface ClusterWrite {
    /** What it is about. */
    Subject subject();

    /** How soon it has to go out, compared with others. */
    Urgency urgency();

    /**
     * Whether it waits for the answers to earlier ones about its subject: of two under way at once either may land last, and an older state
     * must not replace a newer. A Kubernetes Event does not wait, for each is an object of its own.
     */
    default boolean isOrdered() {
        return true;
    }

    /** Its kind, as metrics call it: {@code write-status}. */
    default String kind() {
        return getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** What a journal says of it, in a few words. */
    default String inShort() {
        return getClass().getSimpleName();
    }

    /** One object of the cluster. */
    record Subject(Kind kind, String name) {
        /** The kinds there are. */
        public enum Kind {
            /** By UID. */
            POD,
            /** By namespace and name. */
            CLAIM,
            /** By name. */
            NODE,
            /** By name. */
            REGION,
            /** By namespace and name. */
            POLICY,
            /** There is only one. */
            PROFILE
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** One that says all that there is to say: where it has not gone out yet, a later one of its kind makes it pointless. */
    sealed interface Whole extends ClusterWrite {}

    /** One about a pod. */
    sealed interface OfPod extends ClusterWrite {
        /** The pod's name. */
        PodKey pod();

        /** The pod. */
        PodUid uid();

        @Override
        default Subject subject() {
            return new Subject(Subject.Kind.POD, uid().value());
        }
    }

    /** A Kubernetes Event. */
    sealed interface Announcing extends ClusterWrite {
        /** What it says. */
        Announcement announcement();

        @Override
        default boolean isOrdered() {
            return false;
        }

        @Override
        default String kind() {
            return "announce";
        }

        @Override
        default String inShort() {
            return getClass().getSimpleName() + " " + announcement().reason();
        }
    }

    /** Sets PodScheduled=False, reason Unschedulable, with this message. */
    record Explain(PodKey pod, PodUid uid, String message) implements OfPod, Whole {
        @Override
        public Urgency urgency() {
            return Urgency.TEXT;
        }

        @Override
        public String inShort() {
            return "Explain: " + message;
        }
    }

    /** Writes an Event about the pod. */
    record Announce(PodKey pod, PodUid uid, Announcement announcement) implements OfPod, Announcing {
        @Override
        public Urgency urgency() {
            return Urgency.COURTESY;
        }
    }

    /** Writes an Event about the ConfigMap that holds the profile of region pods. */
    record AnnounceProfile(ProfileUid uid, Announcement announcement) implements Announcing {
        @Override
        public Subject subject() {
            return new Subject(Subject.Kind.PROFILE, "profile");
        }

        @Override
        public Urgency urgency() {
            return Urgency.TEXT;
        }
    }

    /** Writes an Event about a virtual node, and the same about its Region where that still exists. */
    record AnnounceNode(NodeName node, RegionId region, Announcement announcement) implements Announcing {
        @Override
        public Subject subject() {
            return new Subject(Subject.Kind.NODE, node.value());
        }

        @Override
        public Urgency urgency() {
            return Urgency.TEXT;
        }
    }

    /** Writes the pod's status as its kubelet. */
    record WriteStatus(PodKey pod, PodUid uid, PodStatus status) implements OfPod, Whole {
        @Override
        public Urgency urgency() {
            return Urgency.STATE;
        }

        @Override
        public String inShort() {
            var created = status.created();
            return "WriteStatus " + status.phase() + " " + status.reason()
                    + (created.status() ? "" : " " + created.message());
        }
    }

    /** Adds or replaces annotations of the pod. */
    record Annotate(PodKey pod, PodUid uid, Labels annotations) implements OfPod {
        @Override
        public Urgency urgency() {
            return Urgency.STATE;
        }

        @Override
        public String inShort() {
            return "Annotate " + annotations;
        }
    }

    /** Removes the object of a pod that has ended, with grace 0; only that UID. */
    record RemovePod(PodKey pod, PodUid uid) implements OfPod {
        @Override
        public Urgency urgency() {
            return Urgency.STATE;
        }
    }

    /**
     * Deletes a pod of that UID with its own grace period, in favour of one of higher priority, and marks it with the condition
     * DisruptionTarget, reason PreemptionByScheduler, message {@code why}.
     */
    record Evict(PodKey pod, PodUid uid, String why) implements OfPod {
        @Override
        public Urgency urgency() {
            return Urgency.PROMPT;
        }
    }

    /**
     * Deletes a pod of that UID with its own grace period, so that the next one that its owner makes goes elsewhere, and marks it with the
     * condition DisruptionTarget of this reason, message {@code why}.
     */
    record GiveUp(PodKey pod, PodUid uid, String reason, String why) implements OfPod {
        @Override
        public Urgency urgency() {
            return Urgency.PROMPT;
        }

        @Override
        public String inShort() {
            return "GiveUp " + reason + ": " + why;
        }
    }

    /** Sets the pod's nominatedNodeName: room is being made for it on this node. */
    record Nominate(PodKey pod, PodUid uid, NodeName node) implements OfPod, Whole {
        @Override
        public Urgency urgency() {
            return Urgency.TEXT;
        }

        @Override
        public String inShort() {
            return "Nominate for " + node;
        }
    }

    /**
     * Makes an existing volume the claim's (the volume's {@code spec.claimRef}) or asks for one to be made that the node reaches (the claim's
     * annotation {@code volume.kubernetes.io/selected-node}); what is there already counts as done. Conflict where the volume is another's,
     * another node was chosen, or the claim has another UID. {@code pod} is the one that waits for it.
     */
    record BindVolume(PodUid pod, VolumeBinding binding) implements ClusterWrite {
        @Override
        public Subject subject() {
            var claim = binding.claim();
            return new Subject(Subject.Kind.CLAIM, claim.namespace() + "/" + claim.name());
        }

        @Override
        public Urgency urgency() {
            return Urgency.PROMPT;
        }

        @Override
        public String inShort() {
            return "BindVolume " + binding;
        }
    }

    /** Creates the node or brings it to this state, and keeps its lease from then on. Prompt: pods are bound to nodes that exist only. */
    record PutNode(VirtualNode node) implements Whole {
        @Override
        public Subject subject() {
            return new Subject(Subject.Kind.NODE, node.name().value());
        }

        @Override
        public Urgency urgency() {
            return Urgency.PROMPT;
        }

        @Override
        public String inShort() {
            return node.reachable() ? "PutNode" : "PutNode, unreachable: " + node.message();
        }
    }

    /** Deletes a node and stops its lease. */
    record RemoveNode(NodeName node) implements ClusterWrite {
        @Override
        public Subject subject() {
            return new Subject(Subject.Kind.NODE, node.value());
        }

        @Override
        public Urgency urgency() {
            return Urgency.PROMPT;
        }
    }

    /** Writes a Region's status. */
    record WriteRegionStatus(RegionId region, RegionStatus status) implements Whole {
        @Override
        public Subject subject() {
            return new Subject(Subject.Kind.REGION, region.value());
        }

        @Override
        public Urgency urgency() {
            return Urgency.TEXT;
        }
    }

    /** Writes a policy's status. */
    record WritePolicyStatus(PolicyKey policy, PolicyStatus status) implements Whole {
        @Override
        public Subject subject() {
            return new Subject(Subject.Kind.POLICY, policy.toString());
        }

        @Override
        public Urgency urgency() {
            return Urgency.TEXT;
        }
    }
}
