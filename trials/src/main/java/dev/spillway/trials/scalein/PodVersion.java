package dev.spillway.trials.scalein;

import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;

/** One version of a pod. */
public record PodVersion(
        Instant seen, long number, PodUid uid, PodKey key, Owner owner, Presence presence, Standing standing)
        implements Version {

    /** The ReplicaSet that controls a pod; empty for a pod that has none. */
    public record Owner(String uid, String name) {
        /** Jobs, StatefulSets and others know no deletion cost. */
        static final Owner NONE = new Owner("", "");
    }

    /** Whether a pod counts for its owner. */
    public enum Presence {
        /** It does. */
        ACTIVE,
        /** Its containers have ended. */
        FINISHED,
        /** It is being deleted, or is gone. */
        DELETED
    }

    /** As the API tells it. */
    static PodVersion of(Pod pod, Instant seen, boolean isGone) {
        var metadata = pod.getMetadata();
        return new PodVersion(
                seen,
                Long.parseLong(metadata.getResourceVersion()),
                new PodUid(metadata.getUid()),
                new PodKey(metadata.getNamespace(), metadata.getName()),
                owner(pod),
                isGone || metadata.getDeletionTimestamp() != null ? Presence.DELETED : alive(pod),
                Standing.of(pod));
    }

    boolean isActive() {
        return presence == Presence.ACTIVE && !owner.equals(Owner.NONE);
    }

    private static Presence alive(Pod pod) {
        return switch (Standing.phase(pod)) {
            case "Succeeded", "Failed" -> Presence.FINISHED;
            default -> Presence.ACTIVE;
        };
    }

    private static Owner owner(Pod pod) {
        for (OwnerReference reference : pod.getMetadata().getOwnerReferences()) {
            if (Boolean.TRUE.equals(reference.getController())
                    && reference.getKind().equals("ReplicaSet")) {
                return new Owner(reference.getUid(), reference.getName());
            }
        }
        return Owner.NONE;
    }
}
