package dev.spillway.core.port;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ReadinessGate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status that a pod on a virtual node shall have: one per meaningful state, as a kubelet would write it.
 *
 * @param reason status.reason of the pod, may be empty
 * @param startedAt wall time the containers started, null before
 * @param finishedAt wall time the containers ended, null before
 * @param created condition ContainerInstanceCreated (docs/resource-policy.md, "Conditions and events of pods")
 * @param containers the pod's containers; those that no report names share the state that the phase implies
 * @param reports what is known of single containers
 * @param readinessGates the pod's, as it shows them now; Ready is true only when all are met
 * @param source the instance whose backend knows the rest of the status, which whoever writes it asks for and which then stands in the place of what
 *     is derived from the reports; null where no more is known
 * @param disruption why the pod ended without its program's doing: condition DisruptionTarget (KEP-3329); null where it did not
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
        List<Container> containers,
        List<ContainerReport> reports,
        List<ReadinessGate> readinessGates,
        @Nullable InstanceKey source,
        @Nullable Disruption disruption) {

    /** Condition ContainerInstanceCreated. */
    public record Created(boolean status, String reason, String message) {}

    /** Condition DisruptionTarget, which is true. */
    public record Disruption(String message) {}

    public PodStatus {
        containers = List.copyOf(containers);
        reports = List.copyOf(reports);
        readinessGates = List.copyOf(readinessGates);
    }

    /** The status of a pod without readiness gates, of whose containers nothing is known but what the phase implies. */
    public PodStatus(
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
        this(
                phase,
                reason,
                message,
                podIp,
                hostIp,
                startedAt,
                finishedAt,
                exitCode,
                created,
                containers,
                List.of(),
                List.of(),
                null,
                null);
    }

    /** The same, and that it was not the pod's own program that ended it. */
    public PodStatus disrupted(String why) {
        return new PodStatus(
                phase,
                reason,
                message,
                podIp,
                hostIp,
                startedAt,
                finishedAt,
                exitCode,
                created,
                containers,
                reports,
                readinessGates,
                source,
                new Disruption(why));
    }
}
