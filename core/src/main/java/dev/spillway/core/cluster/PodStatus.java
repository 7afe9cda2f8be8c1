package dev.spillway.core.cluster;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status that a pod on a virtual node shall have: one per meaningful state, as a kubelet would write it.
 *
 * @param reason status.reason of the pod, may be empty
 * @param startedAt wall time the containers started, null before
 * @param finishedAt wall time the containers ended, null before
 * @param created condition ContainerInstanceCreated (spec 4.2)
 * @param containers the pod's containers; all share the state that the phase implies
 */
public record PodStatus(
        Pod.Phase phase,
        String reason,
        String message,
        @Nullable String podIp,
        @Nullable String hostIp,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        int exitCode,
        Created created,
        List<Container> containers) {

    /** Condition ContainerInstanceCreated. */
    public record Created(boolean status, String reason, String message) {}

    public PodStatus {
        containers = List.copyOf(containers);
    }
}
