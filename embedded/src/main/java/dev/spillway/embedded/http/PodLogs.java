package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Who knows what the containers of pods have said: whoever plays their node. Called from any thread. */
@FunctionalInterface
public interface PodLogs {

    /**
     * All that a container has said so far, in lines.
     *
     * @param pod the pod, frozen
     * @param container the name of one of its containers
     */
    String read(ObjectNode pod, String container);

    /** Containers that say nothing. */
    static PodLogs silent() {
        return (pod, container) -> "";
    }
}
