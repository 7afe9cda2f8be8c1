package dev.spillway.core.report;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.PodStatus;
import org.jspecify.annotations.Nullable;

/** The status that a pod on a virtual node shall have, as a kubelet would write it. Pure. */
public final class PodStatuses {
    /** What a shell reports of a program that was killed; a kubelet, of a container whose end it has no record of. */
    private static final int KILLED = 137;

    private PodStatuses() {}

    /** What the instance reports. */
    public static PodStatus of(Pod pod, Instance instance) {
        var phase = switch (instance.state()) {
            case STARTING -> Pod.Phase.PENDING;
            case RUNNING, ENDING -> Pod.Phase.RUNNING;
            case SUCCEEDED -> Pod.Phase.SUCCEEDED;
            case FAILED, GONE -> Pod.Phase.FAILED;
        };
        boolean failed = phase == Pod.Phase.FAILED;
        var status = of(
                pod,
                instance,
                phase,
                failed ? instance.reason() : "",
                failed ? instance.message() : "",
                instance.exitCode(),
                created(instance));
        return instance.isEndedByRegion()
                ? status.disrupted(disruption(instance.reason(), instance.message()))
                : status;
    }

    /** Whether a pod is ready that is shown as what its running instance reports: its containers run, and its gates are met. */
    public static boolean isReady(Pod pod, Instance instance) {
        boolean containersRun = pod.spec().containers().stream()
                .filter(container -> container.role() != Container.Role.INIT)
                .map(container -> instance.container(container.name()))
                .allMatch(report -> report == null || report.isRunning());
        return containersRun && pod.readinessGates().stream().allMatch(ReadinessGate::isMet);
    }

    /** The pod's instance is gone for good, though nobody had told it to go: what is known of its containers stays. */
    public static PodStatus lost(Pod pod, @Nullable Instance last, String reason, String message) {
        return of(pod, last, Pod.Phase.FAILED, reason, message, KILLED, new PodStatus.Created(false, reason, message))
                .disrupted(disruption(reason, message));
    }

    /** A bound pod that wants to fail where it gets no instance; the condition has the detail. */
    public static PodStatus providerFailed(Pod pod, String reason, String message) {
        var created = new PodStatus.Created(false, reason, message);
        return of(pod, null, Pod.Phase.FAILED, "ProviderFailed", message, 0, created)
                .disrupted(disruption(reason, message));
    }

    /** A bound pod that has no instance for now (scenario E54). */
    public static PodStatus withoutInstance(Pod pod, String reason, String message) {
        var created = new PodStatus.Created(false, reason, message);
        return of(pod, null, Pod.Phase.PENDING, "ContainerInstanceScheduleFailed", "", 0, created);
    }

    /** A bound pod whose instance was asked for some time ago. */
    public static PodStatus creating(Pod pod, String message) {
        return of(pod, null, Pod.Phase.PENDING, "", "", 0, new PodStatus.Created(false, "Creating", message));
    }

    /**
     * The last status of a deleted pod, by a kubelet's rule: Succeeded where all its main containers ended with 0, else Failed; what never
     * ran, or is not known to have ended, counts as killed.
     */
    public static PodStatus last(Pod pod, @Nullable Instance last) {
        boolean succeeded = last != null && hasSucceeded(pod, last);
        int exitCode = succeeded || last == null ? 0 : last.exitCode();
        var created = last == null
                ? new PodStatus.Created(false, "InstanceGone", "The pod was deleted and has no instance.")
                : created(last);
        return of(pod, last, succeeded ? Pod.Phase.SUCCEEDED : Pod.Phase.FAILED, "", "", exitCode, created);
    }

    private static boolean hasSucceeded(Pod pod, Instance last) {
        if (last.containers().isEmpty()) {
            return last.startedAt() != null && last.finishedAt() != null && last.exitCode() == 0;
        }
        return pod.spec().containers().stream()
                .filter(container -> container.role() == Container.Role.MAIN)
                .allMatch(container -> {
                    var report = last.container(container.name());
                    return report != null && report.finishedAt() != null && report.exitCode() == 0;
                });
    }

    /** One that failed before, which is all that is known of it. */
    public static PodStatus endedBefore(Pod pod, Pod.Phase phase) {
        boolean failed = phase == Pod.Phase.FAILED;
        return of(
                pod,
                null,
                phase,
                failed ? "InstanceLost" : "",
                failed ? "The pod had failed before; why is not known any more." : "",
                failed ? KILLED : 0,
                new PodStatus.Created(true, "Created", ""));
    }

    private static PodStatus of(
            Pod pod,
            @Nullable Instance instance,
            Pod.Phase phase,
            String reason,
            String message,
            int exitCode,
            PodStatus.Created created) {
        return instance == null
                ? new PodStatus(
                        phase,
                        reason,
                        message,
                        null,
                        null,
                        null,
                        null,
                        exitCode,
                        created,
                        pod.spec().containers())
                : new PodStatus(
                        phase,
                        reason,
                        message,
                        instance.ip(),
                        instance.hostIp(),
                        instance.startedAt(),
                        instance.finishedAt(),
                        exitCode,
                        created,
                        pod.spec().containers(),
                        instance.containers(),
                        pod.readinessGates(),
                        source(instance),
                        null);
    }

    private static @Nullable InstanceKey source(Instance instance) {
        return instance.detail() == 0
                ? null
                : new InstanceKey(instance.tags().offer().region(), instance.id());
    }

    private static PodStatus.Created created(Instance instance) {
        return instance.reason().equals(Instance.TO_BE_RELEASED)
                ? new PodStatus.Created(true, Instance.TO_BE_RELEASED, instance.message())
                : new PodStatus.Created(true, "Created", "");
    }

    private static String disruption(String reason, String message) {
        return message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
    }
}
