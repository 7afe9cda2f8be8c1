package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with a container that runs, in a simulated region behind a socket. */
abstract class ExecCase {
    static final String V4 = "v4.channel.k8s.io";
    static final String V5 = "v5.channel.k8s.io";
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int STATUS = 3;
    static final int RESIZE = 4;

    final StreamFixture fixture = new StreamFixture();
    InstanceId instance;
    PodUid pod = new PodUid("uid-web-0");

    @BeforeEach
    void start() {
        instance = fixture.running("web-0");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    WebSocketClient opened(String protocol, Map<String, String> options, String... command) {
        return new WebSocketClient(
                StreamFixture.opened(open(Kind.EXEC, WebSocketClient.headers(protocol), options, command)));
    }

    StreamAnswer open(Kind kind, Map<String, List<String>> headers, Map<String, String> options, String... command) {
        String container = kind == Kind.PORT_FORWARD ? "" : "nginx";
        return fixture.backend.pods().open(instance, pod, request(kind, container, headers, options, command));
    }

    static StreamRequest request(
            Kind kind,
            String container,
            Map<String, List<String>> headers,
            Map<String, String> options,
            String... command) {
        Map<String, List<String>> lists = new TreeMap<>();
        options.forEach((name, value) -> lists.put(name, List.of(value)));
        if (command.length > 0) {
            lists.put("command", List.of(command));
        }
        return new StreamRequest(kind, container, lists, headers);
    }
}
