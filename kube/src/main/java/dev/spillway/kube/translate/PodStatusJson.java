package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Container;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.port.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pod's status as a kubelet would write it, for a strategic merge patch: conditions are merged by type, so those of others
 * stay, everything else is replaced. Times of conditions come from the instance's own times where it has any, so that
 * writing the same status again changes nothing; where it has none, from the pod itself ({@link PodStatusRequests}), but for a pod of which
 * nothing has started: its conditions carry the time of the write.
 */
final class PodStatusJson {
    private final PodStatus status;
    private final ContainerStatuses lives;
    private final Instant wallNow;

    PodStatusJson(PodUid uid, PodStatus status, Instant wallNow) {
        this.status = status;
        this.lives = new ContainerStatuses(uid, status, wallNow);
        this.wallNow = wallNow;
    }

    /**
     * Whether what the pod shows has to be read first: its readiness may have been the same before, and no time of the instance says
     * since when, or what is known of its containers stands nowhere else. A pod without readiness gates of which nothing has started is not read for.
     */
    boolean dependsOnBefore() {
        boolean gated = !status.readinessGates().isEmpty();
        return switch (status.phase()) {
            case PENDING, UNKNOWN -> gated || status.reports().stream().anyMatch(report -> report.startedAt() != null);
            case RUNNING -> gated || !unready().isEmpty();
            case SUCCEEDED, FAILED -> gated || isEndOfUnknownContainers() || mayHaveEndedOneByOne();
        };
    }

    private boolean mayHaveEndedOneByOne() {
        return names(container -> container.role() != Container.Role.INIT).size() > 1;
    }

    /** Whether nothing is known of the containers but that they are gone: what the pod says of them already stays. */
    boolean isEndOfUnknownContainers() {
        return status.phase().isTerminal() && status.startedAt() == null;
    }

    ObjectNode build() {
        var json = Json.object().put("phase", phaseText(status.phase()));
        putOrClear(json, "reason", status.reason());
        putOrClear(json, "message", status.message());
        putAddress(json, "podIP", "podIPs", status.podIp());
        putAddress(json, "hostIP", "hostIPs", status.hostIp());
        if (status.startedAt() != null) {
            json.put("startTime", Timestamps.seconds(status.startedAt()));
        }
        json.set("conditions", conditions());
        if (status.containers().stream().anyMatch(container -> container.role() != Container.Role.MAIN)) {
            json.set("initContainerStatuses", lives.of(container -> container.role() != Container.Role.MAIN));
        }
        json.set("containerStatuses", lives.of(container -> container.role() == Container.Role.MAIN));
        return json;
    }

    private ArrayNode conditions() {
        var started = Objects.requireNonNullElse(status.startedAt(), wallNow);
        var list = Json.array();
        // The server sets its time at the binding; where a pod came with its node there is none, as for a static pod.
        list.addObject()
                .put("type", "PodScheduled")
                .put("status", "True")
                .putNull("reason")
                .putNull("message");
        initialized(list, started);
        readiness(list, started);
        var created = status.created();
        condition(list, "ContainerInstanceCreated", created.status(), started, created.reason(), created.message());
        var disruption = status.disruption();
        if (disruption != null) {
            condition(list, "DisruptionTarget", true, ended(started), "TerminationByKubelet", disruption.message());
        }
        return list;
    }

    private void initialized(ArrayNode list, Instant started) {
        var incomplete = status.phase() == Pod.Phase.PENDING
                ? names(container -> container.role() != Container.Role.MAIN && !lives.isInitialized(container))
                : List.<String>of();
        if (incomplete.isEmpty()) {
            condition(list, "Initialized", true, started, "", "");
        } else {
            var message = "containers with incomplete status: " + goList(incomplete);
            condition(list, "Initialized", false, wallNow, "ContainersNotInitialized", message);
        }
    }

    private void readiness(ArrayNode list, Instant started) {
        switch (status.phase()) {
            case RUNNING -> readiness(list, started, unready());
            case SUCCEEDED -> notReady(list, ended(started), "PodCompleted", "");
            case FAILED -> notReady(list, ended(started), "PodFailed", "");
            case PENDING, UNKNOWN -> notReady(list, wallNow, "ContainersNotReady", "");
        }
    }

    private List<String> unready() {
        return names(container -> container.role() != Container.Role.INIT && !lives.isReady(container));
    }

    /** The pod is ready when its containers are and others have set every condition that its readiness gates name. */
    private void readiness(ArrayNode list, Instant started, List<String> unready) {
        if (!unready.isEmpty()) {
            notReady(list, wallNow, "ContainersNotReady", "containers with unready status: " + goList(unready));
            return;
        }
        var gates = status.readinessGates();
        var unmet = gates.stream()
                .filter(gate -> !gate.isMet())
                .map(PodStatusJson::text)
                .toList();
        var since = gates.isEmpty() ? started : wallNow;
        if (unmet.isEmpty()) {
            condition(list, "Ready", true, since, "", "");
        } else {
            condition(list, "Ready", false, since, "ReadinessGatesNotReady", String.join(", ", unmet));
        }
        condition(list, "ContainersReady", true, started, "", "");
    }

    // The words of kubelet's pkg/kubelet/status/generate.go.
    private static String text(ReadinessGate gate) {
        return gate.status().isEmpty()
                ? "corresponding condition of pod readiness gate \"%s\" does not exist.".formatted(gate.condition())
                : "the status of pod readiness gate \"%s\" is not \"True\", but %s"
                        .formatted(gate.condition(), gate.status());
    }

    private static String goList(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }

    private static void notReady(ArrayNode list, Instant since, String reason, String message) {
        condition(list, "Ready", false, since, reason, message);
        condition(list, "ContainersReady", false, since, reason, message);
    }

    private Instant ended(Instant started) {
        return Objects.requireNonNullElse(status.finishedAt(), started);
    }

    private List<String> names(Predicate<Container> which) {
        return status.containers().stream().filter(which).map(Container::name).toList();
    }

    private static void condition(
            ArrayNode list, String type, boolean isTrue, Instant since, String reason, String message) {
        var condition = list.addObject()
                .put("type", type)
                .put("status", isTrue ? "True" : "False")
                .put("lastTransitionTime", Timestamps.seconds(since));
        putOrClear(condition, "reason", reason);
        putOrClear(condition, "message", message);
    }

    private static void putAddress(ObjectNode json, String one, String all, @Nullable String address) {
        if (address != null) {
            json.put(one, address);
            json.putArray(all).addObject().put("ip", address);
        }
    }

    private static void putOrClear(ObjectNode json, String field, String text) {
        if (text.isEmpty()) {
            json.putNull(field);
        } else {
            json.put(field, text);
        }
    }

    static String phaseText(Pod.Phase phase) {
        return switch (phase) {
            case PENDING -> "Pending";
            case RUNNING -> "Running";
            case SUCCEEDED -> "Succeeded";
            case FAILED -> "Failed";
            case UNKNOWN -> "Unknown";
        };
    }
}
