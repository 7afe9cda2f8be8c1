package dev.spillway.regions.running;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import java.util.Optional;

/**
 * The pods that run in one region, as their users see them. A backend has it beside its {@link dev.spillway.core.port.RegionBackend}; nothing
 * is decided by what it says. Thread-safe.
 */
public interface RunningPods {
    /** Those of a region that tells no more than its instances, and has no containers to talk to. */
    RunningPods NONE = new RunningPods() {
        @Override
        public Optional<String> status(InstanceId instance) {
            return Optional.empty();
        }

        @Override
        public StreamAnswer open(InstanceId instance, PodUid pod, StreamRequest request) {
            return new StreamAnswer.Refused(501, "This region serves no streams to containers.");
        }
    };

    /**
     * The pod's status as JSON ({@code PodStatus} of core/v1) in the terms of the home cluster, as of the newest report; what others than a
     * kubelet write ({@code PodScheduled}, conditions of readiness gates) is not in it. From memory, no I/O. Empty where no more is known than the
     * {@link dev.spillway.core.port.Instance} says. It changes whenever {@link dev.spillway.core.port.Instance#detail} does.
     */
    Optional<String> status(InstanceId instance);

    /**
     * Opens a stream to a container, or to the pod's ports. Blocks until the region has answered, at most for the backend's own deadline; a
     * stream that is open lives as long as both sides want.
     *
     * @param instance that the home pod says it runs as: whoever may edit the pod can write any there
     * @param pod UID of the home pod; an instance that was made for another one is refused as one that does not exist
     */
    StreamAnswer open(InstanceId instance, PodUid pod, StreamRequest request);

    /** Whether a shell is to be asked for by WebSocket: API servers speak SPDY/3.1 to a node that does not say so. */
    default boolean takesWebSockets() {
        return false;
    }

    /**
     * The pod at home of an instance has been seen, new or changed: what was edited of it since is passed on to the region, by threads of its own.
     * Returns at once, and may be called as often as one likes: where nothing was edited nothing is done.
     *
     * @param edits a number that stands for all of the pod that can be edited: another one means that something was
     */
    default void edited(InstanceId instance, long edits) {}

    /**
     * What all pods of the region use: one question for the whole region, however many ask. Blocks for a few seconds at most; an answer is remembered for
     * some seconds, also one that nothing is known.
     */
    default UsageAnswer usage() {
        return new UsageAnswer.Unmeasured("This region does not measure what containers use.");
    }
}
