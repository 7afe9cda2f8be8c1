package dev.spillway.core.port;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a region says of one container of an instance.
 *
 * @param name its name in the pod
 * @param startedAt wall time at which it started, null before
 * @param finishedAt wall time at which it ended, null before
 * @param exitCode once it ended, else 0
 * @param reason short CamelCase reason of its state (Completed, Error, OOMKilled, ErrImagePull ...), may be empty; of one that has not started, what
 *     keeps it from starting, empty while nothing is known to
 */
public record ContainerReport(
        String name, @Nullable Instant startedAt, @Nullable Instant finishedAt, int exitCode, String reason) {
    /** One that has not started. */
    public static ContainerReport waiting(String name) {
        return new ContainerReport(name, null, null, 0, "");
    }

    /** Whether it says more than that the container is about to start. */
    public boolean isTelling() {
        return startedAt != null || !reason.isEmpty();
    }

    /** Whether it runs. */
    public boolean isRunning() {
        return startedAt != null && finishedAt == null;
    }

    /** The same container, running since then. */
    public ContainerReport started(Instant at) {
        return new ContainerReport(name, at, null, 0, "");
    }

    /** The same container, ended. */
    public ContainerReport ended(Instant at, int code, String why) {
        return new ContainerReport(name, startedAt, at, code, why);
    }
}
