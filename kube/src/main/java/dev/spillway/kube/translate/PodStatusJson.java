package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.cluster.Container;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodStatus;
import dev.spillway.core.cluster.PodUid;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod's status as a kubelet would write it, for a strategic merge patch: conditions are merged by type, so those of others
 * stay, everything else is replaced. Times of conditions come from the instance's own times where it has any, so that
 * writing the same status again changes nothing.
 */
final class PodStatusJson {
    // What a kubelet reports of a container whose end it has no record of (pkg/kubelet/kubelet_pods.go).
    private static final int LOST_EXIT_CODE = 137;
    private static final String LOST_REASON = "ContainerStatusUnknown";
    private static final String CREATING = "ContainerCreating";

    private final PodUid uid;
    private final PodStatus status;
    private final Instant wallNow;

    private PodStatusJson(PodUid uid, PodStatus status, Instant wallNow) {
        this.uid = uid;
        this.status = status;
        this.wallNow = wallNow;
    }

    static ObjectNode of(PodUid uid, PodStatus status, Instant wallNow) {
        return new PodStatusJson(uid, status, wallNow).build();
    }

    private ObjectNode build() {
        var json = Json.object().put("phase", phaseText(status.phase()));
        putOrClear(json, "reason", status.reason());
        putOrClear(json, "message", status.message());
        putAddress(json, "podIP", "podIPs", status.podIp());
        putAddress(json, "hostIP", "hostIPs", status.hostIp());
        if (status.startedAt() != null) {
            json.put("startTime", Timestamps.seconds(status.startedAt()));
        }
        json.set("conditions", conditions());
        json.set("containerStatuses", containers());
        return json;
    }

    private ArrayNode conditions() {
        var started = Objects.requireNonNullElse(status.startedAt(), wallNow);
        var ended = Objects.requireNonNullElse(status.finishedAt(), started);
        var list = Json.array();
        // The server sets its time at the binding; where a pod came with its node there is none, as for a static pod.
        list.addObject()
                .put("type", "PodScheduled")
                .put("status", "True")
                .putNull("reason")
                .putNull("message");
        condition(list, "Initialized", true, started, "", "");
        switch (status.phase()) {
            case RUNNING -> readiness(list, true, started, "");
            case SUCCEEDED -> readiness(list, false, ended, "PodCompleted");
            case FAILED -> readiness(list, false, ended, "PodFailed");
            case PENDING, UNKNOWN -> readiness(list, false, wallNow, "ContainersNotReady");
        }
        var created = status.created();
        condition(list, "ContainerInstanceCreated", created.status(), started, created.reason(), created.message());
        return list;
    }

    private static void readiness(ArrayNode list, boolean ready, Instant since, String reason) {
        condition(list, "Ready", ready, since, reason, "");
        condition(list, "ContainersReady", ready, since, reason, "");
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

    private ArrayNode containers() {
        var list = Json.array();
        for (var container : status.containers()) {
            boolean running = status.phase() == Pod.Phase.RUNNING;
            var json = list.addObject()
                    .put("name", container.name())
                    .put("image", container.image())
                    .put("imageID", status.startedAt() == null ? "" : container.image())
                    .put("restartCount", 0)
                    .put("ready", running)
                    .put("started", running);
            if (status.startedAt() != null) {
                json.put("containerID", containerId(container));
            }
            json.set("state", state(container));
        }
        return list;
    }

    private ObjectNode state(Container container) {
        var state = Json.object();
        switch (status.phase()) {
            case RUNNING ->
                state.putObject("running")
                        .put("startedAt", Timestamps.seconds(Objects.requireNonNullElse(status.startedAt(), wallNow)));
            case SUCCEEDED -> terminated(state, container, status.exitCode(), "Completed");
            case FAILED -> {
                // A failure with exit code 0 is not the container's own end: the instance was lost, or never started
                // it.
                if (status.exitCode() == 0) {
                    terminated(state, container, LOST_EXIT_CODE, or(status.reason(), LOST_REASON));
                } else {
                    terminated(state, container, status.exitCode(), "Error");
                }
            }
            // kubectl shows this reason as the pod's status.
            case PENDING, UNKNOWN ->
                state.putObject("waiting")
                        .put(
                                "reason",
                                status.created().status()
                                        ? CREATING
                                        : or(status.created().reason(), CREATING));
        }
        return state;
    }

    private void terminated(ObjectNode state, Container container, int exitCode, String reason) {
        var json = state.putObject("terminated").put("exitCode", exitCode).put("reason", reason);
        if (status.startedAt() != null) {
            json.put("startedAt", Timestamps.seconds(status.startedAt())).put("containerID", containerId(container));
        }
        json.put("finishedAt", Timestamps.seconds(Objects.requireNonNullElse(status.finishedAt(), wallNow)));
        if (!status.message().isEmpty()) {
            json.put("message", status.message());
        }
    }

    private String containerId(Container container) {
        return "spillway://" + uid + "/" + container.name();
    }

    private static void putAddress(ObjectNode json, String one, String all, @Nullable String address) {
        if (address != null) {
            json.put(one, address);
            json.putArray(all).addObject().put("ip", address);
        }
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
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
