package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.List;

/** Who knows what the containers of pods have said: whoever plays their node. Called from any thread. */
@FunctionalInterface
public interface PodLogs {

    /** A line without its end, and when it was said. */
    record Line(Instant time, String text) {}

    /**
     * All that a container has said so far, in lines.
     *
     * @param pod the pod, frozen
     * @param container the name of one of its containers
     */
    String read(ObjectNode pod, String container);

    /** The same with the times, which {@code kubectl logs --since} and {@code --timestamps} ask for; by default that of the start. */
    default List<Line> lines(ObjectNode pod, String container) {
        String started = Trees.text(pod, "status", "startTime");
        Instant time = Instant.parse(
                started != null
                        ? started
                        : pod.at("/metadata/creationTimestamp").asText());
        return read(pod, container).lines().map(text -> new Line(time, text)).toList();
    }

    /** Containers that say nothing. */
    static PodLogs silent() {
        return (pod, container) -> "";
    }
}
