package dev.spillway.core.port;

import dev.spillway.core.model.InstanceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One report about what runs one pod in a region.
 *
 * @param observation rises with every change of this instance; an older report than the last one used is dropped
 * @param ip address of the pod, null until it has one
 * @param hostIp address of what it runs on, null until known
 * @param startedAt wall time at which the containers started, null before
 * @param finishedAt wall time at which the containers ended, null before
 * @param exitCode of the containers once they ended, else 0; FAILED with 0 means that the region failed it, not its program
 * @param reason short CamelCase reason of the state (NoStock, SpotToBeReleased, SpotReclaimed ...), may be empty
 * @param message text for people, may be empty
 * @param containers what is known of each container; one that is not named shares the state of the instance
 * @param detail a fingerprint of what the backend knows of the pod's status beyond this report and whoever writes the status asks it for; 0
 *     where it knows no more. A status with another one is to be written anew, and one that a pod shows already ({@code Pod.detail}) is not; nothing
 *     else is decided by it
 */
public record Instance(
        InstanceId id,
        Tags tags,
        State state,
        long observation,
        @Nullable String ip,
        @Nullable String hostIp,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        int exitCode,
        String reason,
        String message,
        List<ContainerReport> containers,
        long detail) {

    /** Reason of an instance that the region took back. */
    public static final String RECLAIMED = "SpotReclaimed";

    /** Reason of a live instance that the region is going to take back; the message says when (E56). */
    public static final String TO_BE_RELEASED = "SpotToBeReleased";

    public Instance {
        containers = List.copyOf(containers);
    }

    /** A report of a backend that knows no more than it says. */
    public Instance(
            InstanceId id,
            Tags tags,
            State state,
            long observation,
            @Nullable String ip,
            @Nullable String hostIp,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            int exitCode,
            String reason,
            String message,
            List<ContainerReport> containers) {
        this(id, tags, state, observation, ip, hostIp, startedAt, finishedAt, exitCode, reason, message, containers, 0);
    }

    /** The same that names no container. */
    public Instance(
            InstanceId id,
            Tags tags,
            State state,
            long observation,
            @Nullable String ip,
            @Nullable String hostIp,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            int exitCode,
            String reason,
            String message) {
        this(id, tags, state, observation, ip, hostIp, startedAt, finishedAt, exitCode, reason, message, List.of());
    }

    /** Whether it is a report of the same instance from before the other one. */
    public boolean isOlderThan(Instance other) {
        return id.equals(other.id) && observation < other.observation;
    }

    /** Whether the region took it back. */
    public boolean isReclaimed() {
        return state == State.FAILED && reason.equals(RECLAIMED);
    }

    /** Whether the region ended it and not its program: it was taken back, or failed without an exit code. */
    public boolean isEndedByRegion() {
        return isReclaimed() || (state == State.FAILED && exitCode == 0);
    }

    /** What it says of the container of this name, null where it says nothing. */
    public @Nullable ContainerReport container(String name) {
        for (var report : containers) {
            if (report.name().equals(name)) {
                return report;
            }
        }
        return null;
    }

    /** Life of an instance; only forward. */
    public enum State {
        /** Accepted, containers not started yet. */
        STARTING,
        /** Containers run. */
        RUNNING,
        /** All containers ended with 0. */
        SUCCEEDED,
        /** Containers ended with an error, or the region failed it after acceptance. */
        FAILED,
        /** Told to terminate, not gone yet. */
        ENDING,
        /** Terminated: holds nothing any more. */
        GONE;

        /** Whether it still occupies capacity. */
        public boolean isLive() {
            return this == STARTING || this == RUNNING || this == ENDING;
        }
    }
}
