package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Container;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.PodStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The containers of a pod's status: each as its own report says, where there is none as the pod's phase implies. */
final class ContainerStatuses {
    // What a kubelet reports of a container whose end it has no record of (pkg/kubelet/kubelet_pods.go).
    private static final int LOST_EXIT_CODE = 137;
    private static final String LOST_REASON = "ContainerStatusUnknown";
    private static final String CREATING = "ContainerCreating";
    private static final String INITIALIZING = "PodInitializing";

    private final PodUid uid;
    private final PodStatus status;
    private final Instant wallNow;
    private final boolean hasInit;

    ContainerStatuses(PodUid uid, PodStatus status, Instant wallNow) {
        this.uid = uid;
        this.status = status;
        this.wallNow = wallNow;
        this.hasInit = status.containers().stream().anyMatch(container -> container.role() != Container.Role.MAIN);
    }

    /** What one container does. */
    private sealed interface Life {
        /** It has not started. */
        record Waiting(String reason) implements Life {}

        /** It runs. */
        record Running(Instant startedAt) implements Life {}

        /** It has ended. */
        record Ended(@Nullable Instant startedAt, Instant finishedAt, int exitCode, String reason) implements Life {}
    }

    /** Whether an init container has done its work, or a sidecar runs. */
    boolean isInitialized(Container container) {
        return switch (lifeOf(container)) {
            case Life.Waiting waiting -> false;
            case Life.Running running -> container.role() == Container.Role.SIDECAR;
            case Life.Ended ended -> ended.exitCode() == 0;
        };
    }

    /** Whether a kubelet without probes would call the container ready. */
    boolean isReady(Container container) {
        return switch (lifeOf(container)) {
            case Life.Waiting waiting -> false;
            case Life.Running running -> container.role() != Container.Role.INIT;
            case Life.Ended ended -> container.role() == Container.Role.INIT && ended.exitCode() == 0;
        };
    }

    /** Those that are meant, in the pod's order. */
    ArrayNode of(Predicate<Container> which) {
        var list = Json.array();
        status.containers().stream().filter(which).forEach(container -> add(list.addObject(), container));
        return list;
    }

    private void add(ObjectNode json, Container container) {
        var life = lifeOf(container);
        boolean hasStarted = startOf(life) != null;
        json.put("name", container.name())
                .put("image", container.image())
                .put("imageID", hasStarted ? container.image() : "")
                .put("restartCount", 0)
                .put("ready", isReady(container))
                .put("started", life instanceof Life.Running);
        if (hasStarted) {
            json.put("containerID", id(container));
        }
        var state = json.putObject("state");
        switch (life) {
            case Life.Waiting(String reason) -> state.putObject("waiting").put("reason", reason);
            case Life.Running(Instant startedAt) ->
                state.putObject("running").put("startedAt", Timestamps.seconds(startedAt));
            case Life.Ended ended -> terminated(state, container, ended);
        }
    }

    private void terminated(ObjectNode state, Container container, Life.Ended ended) {
        var json =
                state.putObject("terminated").put("exitCode", ended.exitCode()).put("reason", ended.reason());
        if (ended.startedAt() != null) {
            json.put("startedAt", Timestamps.seconds(ended.startedAt())).put("containerID", id(container));
        }
        json.put("finishedAt", Timestamps.seconds(ended.finishedAt()));
        if (!status.message().isEmpty()) {
            json.put("message", status.message());
        }
    }

    private static @Nullable Instant startOf(Life life) {
        return switch (life) {
            case Life.Waiting waiting -> null;
            case Life.Running(Instant startedAt) -> startedAt;
            case Life.Ended ended -> ended.startedAt();
        };
    }

    private Life lifeOf(Container container) {
        var report = reportOf(container.name());
        var startedAt = report == null ? status.startedAt() : report.startedAt();
        if (report != null && report.finishedAt() != null) {
            return new Life.Ended(startedAt, report.finishedAt(), report.exitCode(), or(report.reason(), word(report)));
        }
        boolean wasInit = container.role() == Container.Role.INIT && report == null && startedAt != null;
        return switch (status.phase()) {
            case SUCCEEDED -> new Life.Ended(startedAt, finished(), 0, "Completed");
            case FAILED -> wasInit ? initialized() : failed(startedAt);
            case RUNNING ->
                container.role() == Container.Role.INIT && report == null ? initialized() : running(report, startedAt);
            case PENDING, UNKNOWN -> report != null && startedAt != null ? new Life.Running(startedAt) : waiting();
        };
    }

    private Life running(@Nullable ContainerReport report, @Nullable Instant startedAt) {
        return report != null && startedAt == null
                ? waiting()
                : new Life.Running(Objects.requireNonNullElse(startedAt, wallNow));
    }

    /** An init container that nobody reported on: the others run, so it has done its work. */
    private Life initialized() {
        var at = Objects.requireNonNullElse(status.startedAt(), wallNow);
        return new Life.Ended(at, at, 0, "Completed");
    }

    // A failure with exit code 0 is not the container's own end: the instance was lost, or never started it.
    private Life failed(@Nullable Instant startedAt) {
        return status.exitCode() == 0
                ? new Life.Ended(startedAt, finished(), LOST_EXIT_CODE, or(status.reason(), LOST_REASON))
                : new Life.Ended(startedAt, finished(), status.exitCode(), "Error");
    }

    // kubectl shows this reason as the pod's status.
    private Life waiting() {
        var creating = hasInit ? INITIALIZING : CREATING;
        var created = status.created();
        return new Life.Waiting(created.status() ? creating : or(created.reason(), creating));
    }

    private Instant finished() {
        return Objects.requireNonNullElse(status.finishedAt(), wallNow);
    }

    private @Nullable ContainerReport reportOf(String name) {
        return status.reports().stream()
                .filter(report -> report.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String word(ContainerReport report) {
        return report.exitCode() == 0 ? "Completed" : "Error";
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    private String id(Container container) {
        return "spillway://" + uid + "/" + container.name();
    }
}
