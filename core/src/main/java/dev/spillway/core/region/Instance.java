package dev.spillway.core.region;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One report about what runs one pod in a region.
 *
 * @param observation rises with every change of this instance; an older report than the last one used is dropped
 * @param ip address of the pod, null until it has one
 * @param hostIp address of what it runs on, null until known
 * @param startedAt wall time at which the containers started, null before
 * @param finishedAt wall time at which the containers ended, null before
 * @param exitCode of the containers once they ended, else 0
 * @param reason short CamelCase reason of the state (NoStock, SpotToBeReleased, SpotReclaimed ...), may be empty
 * @param message text for people, may be empty
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
        String message) {

    /** Reason of a live instance that the region is going to take back; the message says when (E56). */
    public static final String TO_BE_RELEASED = "SpotToBeReleased";

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
