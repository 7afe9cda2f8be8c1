package dev.spillway.trials.scalein;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a ReplicaSet.
 *
 * @param replicas how many pods it wants
 * @param counted how many it had when its controller looked last
 * @param hasEnded it is deleted; what happens to its pods then is no scale-in
 */
public record ReplicaSetVersion(Instant seen, long number, String uid, int replicas, Counted counted, boolean hasEnded)
        implements Version {
    /** Active pods, and those of them that are ready. */
    public record Counted(int pods, int ready) {}

    /** As the API tells it. */
    static ReplicaSetVersion of(ReplicaSet set, Instant seen, boolean isGone) {
        var metadata = set.getMetadata();
        Integer replicas = set.getSpec().getReplicas();
        return new ReplicaSetVersion(
                seen,
                Long.parseLong(metadata.getResourceVersion()),
                metadata.getUid(),
                replicas == null ? 1 : replicas,
                counted(set.getStatus()),
                isGone || metadata.getDeletionTimestamp() != null);
    }

    private static Counted counted(@Nullable ReplicaSetStatus status) {
        return status == null
                ? new Counted(0, 0)
                : new Counted(orZero(status.getReplicas()), orZero(status.getReadyReplicas()));
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}
