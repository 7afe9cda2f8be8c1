package dev.spillway.regions.running;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stream that somebody wants of a pod. The protocols that run over it are HTTP's own and those that the API server speaks with a
 * kubelet (SPDY/3.1, WebSocket); whoever carries them need not understand them.
 *
 * @param kind what for
 * @param container its name; empty for {@link Kind#PORT_FORWARD}
 * @param options as the pod's subresource at an API server has them: {@code follow}, {@code tailLines}, {@code command}, {@code stdin}, {@code tty},
 *     {@code ports} ...; each with its values in order
 * @param headers those that ask for a protocol (Connection, Upgrade, X-Stream-Protocol-Version, Sec-WebSocket-...), names in lower case, each with
 *     its values in order; empty for {@link Kind#LOG}. Never credentials
 */
public record StreamRequest(
        Kind kind, String container, Map<String, List<String>> options, Map<String, List<String>> headers) {
    /** What a stream is for: the pod's subresources. */
    public enum Kind {
        /** Read only; a plain body. */
        LOG,
        EXEC,
        ATTACH,
        PORT_FORWARD
    }

    public StreamRequest {
        options = new TreeMap<>(options);
        headers = new TreeMap<>(headers);
    }

    /** Without the options, among which is the command of a shell. */
    @Override
    public String toString() {
        return "%s of %s".formatted(kind, container);
    }
}
