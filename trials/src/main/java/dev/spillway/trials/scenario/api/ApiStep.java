package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One step of a file; texts may still have the names of remembered values in them. Immutable but for JSON, which nobody changes. */
public sealed interface ApiStep {
    /** Where it begins in the file. */
    int line();

    /**
     * A request and its answer.
     *
     * @param contentType of the body, null where there is none
     * @param body a text is sent as it is, everything else as JSON; null where there is none
     * @param expected of the answer, a tree with {@code code} and {@code body}
     * @param keep what is remembered of the answer's body, JSON pointers by name
     * @param within how long it is repeated until the answer is as expected; zero for once
     */
    record Call(
            int line,
            String method,
            String path,
            @Nullable String contentType,
            @Nullable JsonNode body,
            JsonNode expected,
            Map<String, String> keep,
            Duration within)
            implements ApiStep {
        /** Copies the map. */
        public Call {
            keep = Map.copyOf(keep);
        }
    }

    /** Opens a watch under a name; the server must grant it. */
    record OpenWatch(int line, String name, String path) implements ApiStep {}

    /** The next events of a watch, as many as are expected, in order. */
    record Events(int line, String watch, JsonNode expected, Map<String, String> keep) implements ApiStep {
        /** Copies the map. */
        public Events {
            keep = Map.copyOf(keep);
        }
    }

    /** Time passes; for what only time does, such as another second in a time stamp. */
    record Pause(int line, Duration length) implements ApiStep {}
}
