package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** Who knows what the containers of pods have said: whoever plays their node. Called from any thread. */
@FunctionalInterface
public interface PodLogs {

    /** A line without its end, and when it was said: {@code kubectl logs --since} and {@code --timestamps} ask for it. */
    record Line(Instant time, String text) {}

    /**
     * All that a container has said so far, oldest first.
     *
     * @param pod the pod, frozen
     * @param container the name of one of its containers
     */
    List<Line> lines(ObjectNode pod, String container);

    /** Containers that say nothing. */
    static PodLogs silent() {
        return (pod, container) -> List.of();
    }
}
